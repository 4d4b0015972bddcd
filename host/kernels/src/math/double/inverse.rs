//! atan, asin, acos.

use super::pair::{fast_two_sum, product};
use crate::lane::Lane;
use crate::math::coef::{ASIN, ATAN, ATAN_HI, ATAN_LO, HALF_PI_1, HALF_PI_2};

/// The constant of the last mask that holds, the first if none does.
#[inline(always)]
fn choose<L: Lane>(beyond: [L::Mask; 4], v: [f64; 5]) -> L {
    let [a, b, c, d] = beyond;
    let low = L::select(b, L::c(v[2]), L::select(a, L::c(v[1]), L::c(v[0])));
    L::select(d, L::c(v[4]), L::select(c, L::c(v[3]), low))
}

/// atan x. Error below 1 ulp.
///
/// Method: `atan a = atan c + atan((a - c) / (1 + c a))` with `c` the nearest of 0, 1/2, 1, 3/2 and infinity.
#[inline(always)]
pub(crate) fn atan<L: Lane>(x: L) -> L {
    let a = x.abs();
    let beyond = [
        L::c(0.4375).le(a),
        L::c(0.6875).le(a),
        L::c(1.1875).le(a),
        L::c(2.4375).le(a),
    ];
    let c = choose(beyond, [0.0, 0.5, 1.0, 1.5, 0.0]);
    let num = L::select(beyond[3], L::c(-1.0), a - c);
    let den = L::select(beyond[3], a, c.mul_add(a, L::one()));
    let t = num / den;
    let z = t * t;
    let (s, e) = fast_two_sum(choose(beyond, ATAN_HI), t);
    (s + (e + (t * z).mul_add(z.poly(ATAN), choose(beyond, ATAN_LO)))).flip(x.sign())
}

/// `asin` of the square root of `z`, less that root, divided by that root, for `0 <= z <= 1/4`.
#[inline(always)]
fn asin_ratio<L: Lane>(z: L) -> L {
    z * z.poly(ASIN)
}

/// The two ways to an arc sine. Up to 1/2, its series; above, `asin a = pi/2 - 2 asin(sqrt((1 - a) / 2))`.
struct Arc<L: Lane> {
    /// Whether the argument's magnitude is above 1/2.
    large: L::Mask,
    /// `asin` of the magnitude if not large, else of `sqrt((1 - a) / 2)`, as head and tail.
    head: L,
    tail: L,
}

#[inline(always)]
fn arc<L: Lane>(a: L) -> Arc<L> {
    let large = L::c(0.5).lt(a);
    let z = L::select(large, (L::one() - a) * L::c(0.5), a * a);
    let root = z.sqrt();
    // What the rounded root misses.
    let (p, pe) = product(root, root);
    let miss = ((z - p) - pe) / (root + root);
    let miss = L::select(large & L::c(0.0).lt(root), miss, L::c(0.0));
    let head = L::select(large, root, a);
    Arc {
        large,
        head,
        tail: head.mul_add(asin_ratio(z), miss),
    }
}

/// asin x. Error below 1 ulp.
#[inline(always)]
pub(crate) fn asin<L: Lane>(x: L) -> L {
    let Arc { large, head, tail } = arc(x.abs());
    let (s, e) = fast_two_sum(L::c(HALF_PI_1), -(head + head));
    let y = L::select(
        large,
        s + ((e - (tail + tail)) + L::c(HALF_PI_2)),
        head + tail,
    );
    y.flip(x.sign())
}

/// acos x. Error below 1 ulp.
#[inline(always)]
pub(crate) fn acos<L: Lane>(x: L) -> L {
    let Arc { large, head, tail } = arc(x.abs());
    let negative = x.lt(L::c(0.0));
    // Small: pi/2 - asin x; large and positive: 2 asin(root); large and negative: pi - 2 asin(root).
    let (s, e) = fast_two_sum(L::c(HALF_PI_1), -head.flip(x.sign()));
    let small = s + ((e - tail.flip(x.sign())) + L::c(HALF_PI_2));
    let (s, e) = fast_two_sum(L::c(HALF_PI_1), -head);
    let left = s + ((e - tail) + L::c(HALF_PI_2));
    let right = head + tail;
    let big = L::select(negative, left, right);
    L::select(large, big + big, small)
}
