//! What a user calls on an annotated function: `impl DiffFn for f` and the methods of `f`, all of them one line that goes to
//! the facade's `Runner`.
//!
//! Functions that take closures (or anything else that only exists while staging) have no such methods: they are inlined
//! where they are called. Functions with type parameters are represented by a hidden struct with these parameters.

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote};
use syn::visit::Visit;
use syn::visit_mut::VisitMut;
use syn::{FnArg, GenericParam, Ident, ItemFn, Lifetime, Pat, ReturnType, Type, parse_quote};

/// The parts of a signature that the methods need.
struct Parts {
    names: Vec<Ident>,
    /// The types as they are given to the API: `&mut T` as `&T`, all lifetimes `'__a`.
    args: Vec<Type>,
    /// The output: the result, then what is behind each `&mut`.
    output: TokenStream,
}

/// `impl DiffFn` and the inherent methods of the struct called like the function. `krate` is the path of the facade. Empty for a
/// function that cannot be staged on its own.
pub(crate) fn api(f: &ItemFn, krate: &TokenStream) -> TokenStream {
    let Some(parts) = parts(f, krate) else {
        return TokenStream::new();
    };
    let Parts {
        names,
        args,
        output,
    } = &parts;
    let (name, vis) = (&f.sig.ident, &f.vis);
    let text = name.to_string();

    // Generics of the function, without lifetimes: those of the arguments are all `'__a`.
    let mut generics = f.sig.generics.clone();
    generics.params = generics
        .params
        .into_iter()
        .filter(|p| !matches!(p, GenericParam::Lifetime(_)))
        .collect();
    let types: Vec<Ident> = generics.type_params().map(|t| t.ident.clone()).collect();
    let clause = generics.make_where_clause();
    for t in &types {
        clause
            .predicates
            .push(parse_quote!(#t: #krate::Datum + 'static));
    }
    let (head, tail, clause) = generics.split_for_impl();
    let turbofish = tail.as_turbofish();
    let predicates: Vec<_> = clause.iter().flat_map(|c| &c.predicates).collect();
    let params: Vec<_> = generics.params.iter().collect();
    let generic = !params.is_empty();

    let marker = if generic {
        format_ident!("{name}__Fn")
    } else {
        name.clone()
    };
    let definition = generic.then(|| {
        quote! {
            #[doc(hidden)]
            #[allow(non_camel_case_types, missing_debug_implementations, missing_docs, clippy::all)]
            #vis struct #marker #head (::core::marker::PhantomData<fn() -> (#(#types,)*)>) #clause;
        }
    });
    let this = if generic {
        quote!(#marker #tail)
    } else {
        quote!(#name)
    };

    let one = args.len() == 1;
    let gradients = if one {
        quote!(#(#krate::Gradient<#args>)*)
    } else {
        quote!((#(#krate::Gradient<#args>,)*))
    };
    // Quantified, so that the bound is checked where the method is used.
    let real = quote!(for<'__t> #this: #krate::RealFn);
    let run = quote!(#krate::Runner::<#this>::default());
    let result = quote!(#krate::Result);
    let chosen = quote!((#(#args,)*): #krate::Arg<__I>);
    let one_of = quote!(<<(#(#args,)*) as #krate::Arg<__I>>::Type as #krate::Datum>);
    let one_of = quote!(<#one_of::Space as #krate::Space>::Of<#one_of::Owned>);
    let formal = quote!(#(#names: #args),*);
    let actual = quote!((#(#names,)*));
    // Arguments and tangents side by side: one of each, or a tuple of each.
    let (pair_formal, pair_first, pair_second) = if one {
        (
            quote!(#(#names: #args),*, __tangent: #(#krate::Tangent<#args>)*),
            quote!((#(#names,)*)),
            quote!((__tangent,)),
        )
    } else {
        (
            quote!(__args: (#(#args,)*), __tangents: (#(#krate::Tangent<#args>,)*)),
            quote!(__args),
            quote!(__tangents),
        )
    };
    let doc = |what: &str| {
        let what = what.replace("{}", &text);
        quote!(#[doc = #what] #[doc = ""] #[doc = "# Errors"] #[doc = "See `Runner` in the facade."] #[inline])
    };
    let [d_with, d_call, d_grad, d_wrt, d_vgrad, d_vwrt, d_pull] = [
        doc("Chooses how to run: `{}::with(&options).gradient((args,))`."),
        doc("Runs the program of `{}`. `&mut` arguments are not changed but part of the output."),
        doc("The gradients of `{}` with respect to all arguments."),
        doc("The gradient of `{}` with respect to argument `I`, counted from 0."),
        doc("The value of `{}`, and the gradients with respect to all arguments."),
        doc("The value of `{}`, and the gradient with respect to argument `I`, counted from 0."),
        doc("The value of `{}`, and a function from its cotangent to those of the arguments."),
    ];
    let [d_vmap, d_vmap_grad] = [
        doc(
            "Runs `{}` for every lane of a batch; the arguments are `each(&items)` or `shared(value)`.",
        ),
        doc("The gradients of `{}` in every lane of a batch, with respect to all arguments."),
    ];
    let complex = quote!(#krate::__C128);
    let d_sparse_hess = doc(
        "The Hessian of `{}` as a sparse matrix. Which elements may differ from 0 is found first.",
    );
    let [d_real, d_wirt, d_holo] = [
        doc("The Jacobian of the real and imaginary parts of `{}` by those of its arguments."),
        doc("The derivatives of `{}` by its one complex argument and by the conjugate of that."),
        doc("The derivative of `{}`, a holomorphic function of one complex number."),
    ];
    let [d_bad, d_nan] = [
        doc("Where the first NaN or infinity arises in `{}` or its derivative, if one does."),
        doc("Where the first NaN arises in `{}` or its derivative, if one does."),
    ];
    let [d_diag, d_sparse, d_pattern, d_check, d_rule] = [
        doc("The diagonal of the Hessian of `{}`, shaped like the arguments."),
        doc(
            "The Jacobian of `{}` as a sparse matrix. Which elements may differ from 0 is found first.",
        ),
        doc("Which elements of the Jacobian of `{}` may differ from 0 near these arguments."),
        doc(
            "Compares the derivatives of `{}` with difference quotients, and the modes with each other.",
        ),
        doc("Compares the derivative rule of `{}` with difference quotients."),
    ];
    let [d_jvp, d_jac, d_jwrt, d_hess, d_hwrt, d_hvp, d_ir, d_gir] = [
        doc("The value of `{}`, and its derivative in the direction of the tangents."),
        doc("The Jacobian of `{}` with respect to all arguments."),
        doc("The Jacobian of `{}` with respect to argument `I`, counted from 0."),
        doc("The Hessian of `{}` with respect to all arguments."),
        doc("The Hessian of `{}` with respect to argument `I`, counted from 0."),
        doc("The product of the Hessian of `{}` with a direction."),
        doc("The program of `{}` as text."),
        doc("The program of the gradient of `{}` as text."),
    ];

    // A function without arguments has no batch.
    let batches = (!args.is_empty()).then(|| {
        quote! {
            #d_vmap
            #vis fn vmap<'__a, #(#params),*>(#(#names: impl #krate::Lanes<#args>),*) -> #result<::std::vec::Vec<#output>> where #(#predicates),* {
                #run.vmap(#actual)
            }
            #d_vmap_grad
            #vis fn vmap_gradient<'__a, #(#params),*>(#(#names: impl #krate::Lanes<#args>),*) -> #result<::std::vec::Vec<#gradients>>
            where #real, #(#predicates),* {
                #run.vmap_gradient(#actual)
            }
        }
    });
    // A `static` in a generic function would be one for all types, so functions with type parameters have none of their own.
    let cache = (!generic).then(|| {
        quote! {
            #[inline]
            fn cache() -> ::core::option::Option<&'static #krate::__stage::data::Cache> {
                static CACHE: #krate::__Cache = #krate::__Cache::new();
                ::core::option::Option::Some(&CACHE)
            }
        }
    });
    // Often only the derivatives of a function are called; methods (`P__m`) are rustc's to judge.
    let used = (generic && !text.contains("__")).then(|| quote!(let _ = #name #turbofish;));
    quote! {
        #definition
        #[allow(clippy::all)]
        impl #head #krate::DiffFn for #this #clause {
            type Args<'__a> = (#(#args,)*);
            type Output = #output;
            const NAME: &'static ::core::primitive::str = #text;
            fn stage() -> ::core::result::Result<(#krate::__stage::data::names::Module, #krate::__stage::data::names::FuncId), #krate::StageError> {
                #used
                #krate::__stage::stage(#text, #name::__build #turbofish, #name::__build #turbofish)
            }
            #cache
        }
        #[allow(clippy::all, unused, non_snake_case)]
        impl #name {
            #d_with
            #vis fn with<#(#params),*>(options: &#krate::Options) -> #krate::Runner<#this> where #(#predicates),* {
                #krate::Runner::new(options)
            }
            #d_call
            #vis fn call<'__a, #(#params),*>(#formal) -> #result<#output> where #(#predicates),* {
                #run.call(#actual)
            }
            #d_grad
            #vis fn gradient<'__a, #(#params),*>(#formal) -> #result<#gradients> where #real, #(#predicates),* {
                #run.gradient(#actual)
            }
            #d_wrt
            #vis fn gradient_wrt<'__a, const __I: ::core::primitive::usize, #(#params),*>(#formal) -> #result<#one_of>
            where #real, #chosen, #(#predicates),* {
                #run.gradient_wrt::<__I>(#actual)
            }
            #d_vgrad
            #vis fn value_and_gradient<'__a, #(#params),*>(#formal) -> #result<(#output, #gradients)> where #real, #(#predicates),* {
                #run.value_and_gradient(#actual)
            }
            #d_vwrt
            #vis fn value_and_gradient_wrt<'__a, const __I: ::core::primitive::usize, #(#params),*>(#formal) -> #result<(#output, #one_of)>
            where #real, #chosen, #(#predicates),* {
                #run.value_and_gradient_wrt::<__I>(#actual)
            }
            #d_pull
            #vis fn pullback<'__a, #(#params),*>(#formal) -> #result<(#output, #krate::Pullback<#output, #gradients>)> where #(#predicates),* {
                #run.pullback(#actual)
            }
            #d_jvp
            #vis fn jvp<'__a, #(#params),*>(#pair_formal) -> #result<(#output, #krate::Gradient<#output>)> where #(#predicates),* {
                #run.jvp(#pair_first, #pair_second)
            }
            #d_jac
            #vis fn jacobian<'__a, #(#params),*>(#formal) -> #result<#krate::Matrix> where #(#predicates),* {
                #run.jacobian(#actual)
            }
            #d_jwrt
            #vis fn jacobian_wrt<'__a, const __I: ::core::primitive::usize, #(#params),*>(#formal) -> #result<#krate::Matrix>
            where #chosen, #(#predicates),* {
                #run.jacobian_wrt::<__I>(#actual)
            }
            #d_hess
            #vis fn hessian<'__a, #(#params),*>(#formal) -> #result<#krate::Matrix> where #real, #(#predicates),* {
                #run.hessian(#actual)
            }
            #d_hwrt
            #vis fn hessian_wrt<'__a, const __I: ::core::primitive::usize, #(#params),*>(#formal) -> #result<#krate::Matrix>
            where #real, #chosen, #(#predicates),* {
                #run.hessian_wrt::<__I>(#actual)
            }
            #d_diag
            #vis fn hessian_diagonal<'__a, #(#params),*>(#formal) -> #result<#gradients> where #real, #(#predicates),* {
                #run.hessian_diagonal(#actual)
            }
            #d_sparse
            #vis fn sparse_jacobian<'__a, #(#params),*>(#formal) -> #result<#krate::sparse::SparseMatrix> where #(#predicates),* {
                #run.sparse_jacobian(#actual)
            }
            #d_sparse_hess
            #vis fn sparse_hessian<'__a, #(#params),*>(#formal) -> #result<#krate::sparse::SparseMatrix> where #real, #(#predicates),* {
                #run.sparse_hessian(#actual)
            }
            #d_pattern
            #vis fn jacobian_pattern<'__a, #(#params),*>(#formal) -> #result<#krate::sparse::Pattern> where #(#predicates),* {
                #run.jacobian_pattern(#actual)
            }
            #d_check
            #vis fn check_gradients<'__a, #(#params),*>(#formal) -> #result<#krate::check::Report> where #(#predicates),* {
                #run.check_gradients(#actual, &::core::default::Default::default())
            }
            #d_rule
            #vis fn check_rule<'__a, #(#params),*>(#formal) -> #result<#krate::check::Report> where #(#predicates),* {
                #run.check_rule(#actual, &::core::default::Default::default())
            }
            #d_real
            #vis fn real_jacobian<'__a, #(#params),*>(#formal) -> #result<#krate::Matrix> where #(#predicates),* {
                #run.real_jacobian(#actual)
            }
            #d_wirt
            #vis fn wirtinger<'__a, #(#params),*>(#formal) -> #result<(#complex, #complex)> where #(#predicates),* {
                #run.wirtinger(#actual)
            }
            #d_holo
            #vis fn holomorphic_derivative<'__a, #(#params),*>(#formal) -> #result<#complex> where #(#predicates),* {
                #run.holomorphic_derivative(#actual)
            }
            #d_bad
            #vis fn first_bad<'__a, #(#params),*>(#formal) -> #result<::core::option::Option<#krate::debug::FirstBad>> where #(#predicates),* {
                #run.first_bad(#actual)
            }
            #d_nan
            #vis fn first_nan<'__a, #(#params),*>(#formal) -> #result<::core::option::Option<#krate::debug::FirstBad>> where #(#predicates),* {
                #run.first_nan(#actual)
            }
            #d_hvp
            #vis fn hvp<'__a, #(#params),*>(#pair_formal) -> #result<#gradients> where #real, #(#predicates),* {
                #run.hvp(#pair_first, #pair_second)
            }
            #batches
            #d_ir
            #vis fn ir<#(#params),*>() -> #result<::std::string::String> where #(#predicates),* {
                #run.ir()
            }
            #d_gir
            #vis fn gradient_ir<#(#params),*>() -> #result<::std::string::String> where #real, #(#predicates),* {
                #run.gradient_ir()
            }
        }
    }
}

/// `None` if the function cannot be staged on its own.
fn parts(f: &ItemFn, krate: &TokenStream) -> Option<Parts> {
    let closures = f.sig.generics.params.iter().any(|p| match p {
        GenericParam::Type(t) => t.bounds.iter().any(is_closure),
        GenericParam::Lifetime(_) | GenericParam::Const(_) => false,
    }) || f.sig.generics.where_clause.iter().any(|w| {
        w.predicates.iter().any(|p| match p {
            syn::WherePredicate::Type(t) => t.bounds.iter().any(is_closure),
            _ => false,
        })
    });
    let mut opaque = Opaque(false);
    opaque.visit_signature(&f.sig);
    if closures || opaque.0 {
        return None;
    }
    let (mut names, mut args, mut changed) = (Vec::new(), Vec::new(), Vec::new());
    for (i, arg) in f.sig.inputs.iter().enumerate() {
        let FnArg::Typed(arg) = arg else { return None };
        names.push(match &*arg.pat {
            Pat::Ident(p) => p.ident.clone(),
            _ => format_ident!("__arg{i}"),
        });
        let mut ty = (*arg.ty).clone();
        if let Type::Reference(r) = &mut ty
            && r.mutability.take().is_some()
        {
            changed.push(with_lifetime(&r.elem, "'static"));
        }
        args.push(with_lifetime(&ty, "'__a"));
    }
    let owned = |ty: &Type| quote!(<#ty as #krate::Datum>::Owned);
    let result = match &f.sig.output {
        ReturnType::Default => None,
        ReturnType::Type(_, ty) => match &**ty {
            Type::Tuple(t) if t.elems.is_empty() => None,
            ty => Some(with_lifetime(ty, "'static")),
        },
    };
    let mut outs: Vec<TokenStream> = result.iter().chain(&changed).map(owned).collect();
    let output = match outs.len() {
        1 => outs.remove(0),
        _ => quote!((#(#outs,)*)),
    };
    Some(Parts {
        names,
        args,
        output,
    })
}

fn is_closure(b: &syn::TypeParamBound) -> bool {
    matches!(b, syn::TypeParamBound::Trait(t)
        if t.path.segments.last().is_some_and(|s| s.ident == "Fn" || s.ident == "FnMut" || s.ident == "FnOnce"))
}

/// Finds types that only exist while staging: `impl Trait`, `dyn Trait`, function pointers; and `&mut` results.
struct Opaque(bool);
impl<'ast> Visit<'ast> for Opaque {
    fn visit_type_impl_trait(&mut self, _: &'ast syn::TypeImplTrait) {
        self.0 = true;
    }
    fn visit_type_trait_object(&mut self, _: &'ast syn::TypeTraitObject) {
        self.0 = true;
    }
    fn visit_type_bare_fn(&mut self, _: &'ast syn::TypeBareFn) {
        self.0 = true;
    }
    fn visit_return_type(&mut self, r: &'ast ReturnType) {
        if let ReturnType::Type(_, ty) = r
            && let Type::Reference(t) = &**ty
            && t.mutability.is_some()
        {
            self.0 = true;
        }
        syn::visit::visit_return_type(self, r);
    }
}

/// The type with every lifetime, written or elided in a reference, replaced.
fn with_lifetime(ty: &Type, name: &str) -> Type {
    struct Replace(Lifetime);
    impl VisitMut for Replace {
        fn visit_lifetime_mut(&mut self, l: &mut Lifetime) {
            *l = self.0.clone();
        }
        fn visit_type_reference_mut(&mut self, r: &mut syn::TypeReference) {
            r.lifetime = Some(self.0.clone());
            syn::visit_mut::visit_type_mut(self, &mut r.elem);
        }
    }
    let mut ty = ty.clone();
    Replace(Lifetime::new(name, Span::call_site())).visit_type_mut(&mut ty);
    ty
}
