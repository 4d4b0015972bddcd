module @jit_posterior attributes {mhlo.num_partitions = 1 : i32, mhlo.num_replicas = 1 : i32} {
  func.func public @main(%arg0: tensor<25xf64>, %arg1: tensor<250xf64>, %arg2: tensor<1375xf64>, %arg3: tensor<10000xf64>, %arg4: tensor<f64>, %arg5: tensor<i64>) -> (tensor<f64> {jax.result_info = "result[0]"}, tensor<25xf64> {jax.result_info = "result[1][0]"}, tensor<250xf64> {jax.result_info = "result[1][1]"}, tensor<1375xf64> {jax.result_info = "result[1][2]"}) {
    %c = stablehlo.constant dense<[1, 2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5, 6, 7, 8, 9, 3, 4, 5, 6, 7, 8, 9, 4, 5, 6, 7, 8, 9, 5, 6, 7, 8, 9, 6, 7, 8, 9, 7, 8, 9, 8, 9, 9]> : tensor<45xi64>
    %c_0 = stablehlo.constant dense<false> : tensor<45xi1>
    %c_1 = stablehlo.constant dense<[0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 4, 4, 4, 4, 4, 5, 5, 5, 5, 6, 6, 6, 7, 7, 8]> : tensor<45xi64>
    %c_2 = stablehlo.constant dense<false> : tensor<45xi1>
    %0 = stablehlo.reshape %arg1 : (tensor<250xf64>) -> tensor<25x10xf64>
    %1 = stablehlo.reshape %arg2 : (tensor<1375xf64>) -> tensor<25x55xf64>
    %2 = stablehlo.reshape %arg3 : (tensor<10000xf64>) -> tensor<1000x10xf64>
    %3 = stablehlo.slice %1 [0:25, 0:10] : (tensor<25x55xf64>) -> tensor<25x10xf64>
    %4 = stablehlo.slice %1 [0:25, 10:55] : (tensor<25x55xf64>) -> tensor<25x45xf64>
    %5 = stablehlo.exponential %3 : tensor<25x10xf64>
    %cst = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %6 = stablehlo.reduce(%3 init: %cst) applies stablehlo.add across dimensions = [1] : (tensor<25x10xf64>, tensor<f64>) -> tensor<25xf64>
    %7:4 = call @_diag(%5) : (tensor<25x10xf64>) -> (tensor<25x10x10xf64>, tensor<f64>, tensor<25x10x10xi1>, tensor<25x10x10xf64>)
    %c_3 = stablehlo.constant dense<10> : tensor<i64>
    %8 = stablehlo.broadcast_in_dim %c_3, dims = [] : (tensor<i64>) -> tensor<45xi64>
    %9 = stablehlo.add %c, %8 : tensor<45xi64>
    %10 = stablehlo.select %c_0, %9, %c : tensor<45xi1>, tensor<45xi64>
    %c_4 = stablehlo.constant dense<10> : tensor<i64>
    %11 = stablehlo.broadcast_in_dim %c_4, dims = [] : (tensor<i64>) -> tensor<45xi64>
    %12 = stablehlo.add %c_1, %11 : tensor<45xi64>
    %13 = stablehlo.select %c_2, %12, %c_1 : tensor<45xi1>, tensor<45xi64>
    %14 = stablehlo.convert %10 : (tensor<45xi64>) -> tensor<45xi32>
    %15 = stablehlo.convert %13 : (tensor<45xi64>) -> tensor<45xi32>
    %16 = stablehlo.broadcast_in_dim %14, dims = [0] : (tensor<45xi32>) -> tensor<45x1xi32>
    %17 = stablehlo.broadcast_in_dim %15, dims = [0] : (tensor<45xi32>) -> tensor<45x1xi32>
    %18 = stablehlo.concatenate %16, %17, dim = 1 : (tensor<45x1xi32>, tensor<45x1xi32>) -> tensor<45x2xi32>
    %19 = stablehlo.iota dim = 0 : tensor<45xui32>
    %20 = stablehlo.reshape %19 : (tensor<45xui32>) -> tensor<1x45xui32>
    %c_5 = stablehlo.constant dense<1> : tensor<ui32>
    %21 = stablehlo.broadcast_in_dim %c_5, dims = [] : (tensor<ui32>) -> tensor<25x45xui32>
    %22 = stablehlo.broadcast_in_dim %20, dims = [0, 1] : (tensor<1x45xui32>) -> tensor<25x45xui32>
    %23 = stablehlo.add %22, %21 : tensor<25x45xui32>
    %c_6 = stablehlo.constant dense<0> : tensor<ui32>
    %24 = stablehlo.broadcast_in_dim %c_6, dims = [] : (tensor<ui32>) -> tensor<25x10x10xui32>
    %25 = "stablehlo.scatter"(%24, %18, %23) <{indices_are_sorted = false, scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = [0], inserted_window_dims = [1, 2], scatter_dims_to_operand_dims = [1, 2], index_vector_dim = 1>, unique_indices = false}> ({
    ^bb0(%arg6: tensor<ui32>, %arg7: tensor<ui32>):
      stablehlo.return %arg7 : tensor<ui32>
    }) : (tensor<25x10x10xui32>, tensor<45x2xi32>, tensor<25x45xui32>) -> tensor<25x10x10xui32>
    %26 = "stablehlo.gather"(%25, %18) <{dimension_numbers = #stablehlo.gather<offset_dims = [0], collapsed_slice_dims = [1, 2], start_index_map = [1, 2], index_vector_dim = 1>, indices_are_sorted = false, slice_sizes = array<i64: 25, 1, 1>}> : (tensor<25x10x10xui32>, tensor<45x2xi32>) -> tensor<25x45xui32>
    %c_7 = stablehlo.constant dense<0> : tensor<ui32>
    %27 = stablehlo.broadcast_in_dim %c_7, dims = [] : (tensor<ui32>) -> tensor<25x10x10xui32>
    %28 = stablehlo.compare EQ, %25, %27, UNSIGNED : (tensor<25x10x10xui32>, tensor<25x10x10xui32>) -> tensor<25x10x10xi1>
    %cst_8 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %29 = stablehlo.broadcast_in_dim %cst_8, dims = [] : (tensor<f64>) -> tensor<25x10x10xf64>
    %30 = stablehlo.select %28, %7#0, %29 : tensor<25x10x10xi1>, tensor<25x10x10xf64>
    %31 = stablehlo.compare EQ, %23, %26, UNSIGNED : (tensor<25x45xui32>, tensor<25x45xui32>) -> tensor<25x45xi1>
    %cst_9 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %32 = stablehlo.broadcast_in_dim %cst_9, dims = [] : (tensor<f64>) -> tensor<25x45xf64>
    %33 = stablehlo.select %31, %4, %32 : tensor<25x45xi1>, tensor<25x45xf64>
    %c_10 = stablehlo.constant dense<0> : tensor<ui32>
    %34 = stablehlo.broadcast_in_dim %c_10, dims = [] : (tensor<ui32>) -> tensor<25x10x10xui32>
    %35 = stablehlo.compare EQ, %25, %34, UNSIGNED : (tensor<25x10x10xui32>, tensor<25x10x10xui32>) -> tensor<25x10x10xi1>
    %cst_11 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %36 = stablehlo.broadcast_in_dim %cst_11, dims = [] : (tensor<f64>) -> tensor<25x10x10xf64>
    %37 = stablehlo.compare EQ, %23, %26, UNSIGNED : (tensor<25x45xui32>, tensor<25x45xui32>) -> tensor<25x45xi1>
    %cst_12 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %38 = stablehlo.broadcast_in_dim %cst_12, dims = [] : (tensor<f64>) -> tensor<25x45xf64>
    %39 = "stablehlo.scatter"(%30, %18, %33) <{indices_are_sorted = false, scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = [0], inserted_window_dims = [1, 2], scatter_dims_to_operand_dims = [1, 2], index_vector_dim = 1>, unique_indices = false}> ({
    ^bb0(%arg6: tensor<f64>, %arg7: tensor<f64>):
      %226 = stablehlo.add %arg6, %arg7 : tensor<f64>
      stablehlo.return %226 : tensor<f64>
    }) : (tensor<25x10x10xf64>, tensor<45x2xi32>, tensor<25x45xf64>) -> tensor<25x10x10xf64>
    %40 = stablehlo.broadcast_in_dim %2, dims = [1, 2] : (tensor<1000x10xf64>) -> tensor<1x1000x10xf64>
    %41 = stablehlo.broadcast_in_dim %0, dims = [0, 2] : (tensor<25x10xf64>) -> tensor<25x1x10xf64>
    %42 = stablehlo.broadcast_in_dim %40, dims = [0, 1, 2] : (tensor<1x1000x10xf64>) -> tensor<25x1000x10xf64>
    %43 = stablehlo.broadcast_in_dim %41, dims = [0, 1, 2] : (tensor<25x1x10xf64>) -> tensor<25x1000x10xf64>
    %44 = stablehlo.subtract %42, %43 : tensor<25x1000x10xf64>
    %45 = stablehlo.dot_general %44, %39, batching_dims = [0] x [0], contracting_dims = [2] x [2], precision = [DEFAULT, DEFAULT] : (tensor<25x1000x10xf64>, tensor<25x10x10xf64>) -> tensor<25x1000x10xf64>
    %46 = stablehlo.add %arg0, %6 : tensor<25xf64>
    %47 = stablehlo.broadcast_in_dim %46, dims = [0] : (tensor<25xf64>) -> tensor<25x1xf64>
    %48 = stablehlo.multiply %45, %45 : tensor<25x1000x10xf64>
    %cst_13 = stablehlo.constant dense<2.000000e+00> : tensor<f64>
    %49 = stablehlo.broadcast_in_dim %cst_13, dims = [] : (tensor<f64>) -> tensor<25x1000x10xf64>
    %50 = stablehlo.multiply %49, %45 : tensor<25x1000x10xf64>
    %cst_14 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %51 = stablehlo.reduce(%48 init: %cst_14) applies stablehlo.add across dimensions = [2] : (tensor<25x1000x10xf64>, tensor<f64>) -> tensor<25x1000xf64>
    %cst_15 = stablehlo.constant dense<5.000000e-01> : tensor<f64>
    %52 = stablehlo.broadcast_in_dim %cst_15, dims = [] : (tensor<f64>) -> tensor<25x1000xf64>
    %53 = stablehlo.multiply %52, %51 : tensor<25x1000xf64>
    %54 = stablehlo.broadcast_in_dim %47, dims = [0, 1] : (tensor<25x1xf64>) -> tensor<25x1000xf64>
    %55 = stablehlo.subtract %54, %53 : tensor<25x1000xf64>
    %56 = stablehlo.multiply %arg4, %arg4 : tensor<f64>
    %cst_16 = stablehlo.constant dense<5.000000e-01> : tensor<f64>
    %57 = stablehlo.multiply %cst_16, %56 : tensor<f64>
    %58 = stablehlo.multiply %5, %5 : tensor<25x10xf64>
    %cst_17 = stablehlo.constant dense<2.000000e+00> : tensor<f64>
    %59 = stablehlo.broadcast_in_dim %cst_17, dims = [] : (tensor<f64>) -> tensor<25x10xf64>
    %60 = stablehlo.multiply %59, %5 : tensor<25x10xf64>
    %cst_18 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %61 = stablehlo.reduce(%58 init: %cst_18) applies stablehlo.add across dimensions = [0, 1] : (tensor<25x10xf64>, tensor<f64>) -> tensor<f64>
    %62 = stablehlo.multiply %4, %4 : tensor<25x45xf64>
    %cst_19 = stablehlo.constant dense<2.000000e+00> : tensor<f64>
    %63 = stablehlo.broadcast_in_dim %cst_19, dims = [] : (tensor<f64>) -> tensor<25x45xf64>
    %64 = stablehlo.multiply %63, %4 : tensor<25x45xf64>
    %cst_20 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %65 = stablehlo.reduce(%62 init: %cst_20) applies stablehlo.add across dimensions = [0, 1] : (tensor<25x45xf64>, tensor<f64>) -> tensor<f64>
    %66 = stablehlo.add %61, %65 : tensor<f64>
    %67 = stablehlo.multiply %57, %66 : tensor<f64>
    %68 = stablehlo.convert %arg5 : (tensor<i64>) -> tensor<f64>
    %69 = stablehlo.broadcast_in_dim %68, dims = [] : (tensor<f64>) -> tensor<25xf64>
    %70 = stablehlo.multiply %69, %6 : tensor<25xf64>
    %cst_21 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %71 = stablehlo.reduce(%70 init: %cst_21) applies stablehlo.add across dimensions = [0] : (tensor<25xf64>, tensor<f64>) -> tensor<f64>
    %72 = stablehlo.subtract %67, %71 : tensor<f64>
    %c_22 = stablehlo.constant dense<10> : tensor<i64>
    %73 = stablehlo.add %c_22, %arg5 : tensor<i64>
    %74 = stablehlo.convert %73 : (tensor<i64>) -> tensor<f64>
    %cst_23 = stablehlo.constant dense<1.000000e+00> : tensor<f64>
    %75 = stablehlo.add %74, %cst_23 : tensor<f64>
    %cst_24 = stablehlo.constant dense<5.000000e-01> : tensor<f64>
    %76 = stablehlo.multiply %cst_24, %75 : tensor<f64>
    %77 = stablehlo.iota dim = 0 : tensor<10xi64>
    %78 = stablehlo.convert %77 : (tensor<10xi64>) -> tensor<10xf64>
    %cst_25 = stablehlo.constant dense<5.000000e-01> : tensor<f64>
    %79 = stablehlo.broadcast_in_dim %cst_25, dims = [] : (tensor<f64>) -> tensor<10xf64>
    %80 = stablehlo.multiply %79, %78 : tensor<10xf64>
    %81 = stablehlo.broadcast_in_dim %76, dims = [] : (tensor<f64>) -> tensor<10xf64>
    %82 = stablehlo.subtract %81, %80 : tensor<10xf64>
    %83 = chlo.lgamma %82 : tensor<10xf64> -> tensor<10xf64>
    %84 = stablehlo.convert %83 : tensor<10xf64>
    %cst_26 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %85 = stablehlo.reduce(%84 init: %cst_26) applies stablehlo.add across dimensions = [0] : (tensor<10xf64>, tensor<f64>) -> tensor<f64>
    %cst_27 = stablehlo.constant dense<25.756422431611504> : tensor<f64>
    %86 = stablehlo.add %cst_27, %85 : tensor<f64>
    %cst_28 = stablehlo.constant dense<1.000000e+01> : tensor<f64>
    %87 = stablehlo.multiply %75, %cst_28 : tensor<f64>
    %88 = stablehlo.log %arg4 : tensor<f64>
    %cst_29 = stablehlo.constant dense<0.34657359027997264> : tensor<f64>
    %89 = stablehlo.subtract %88, %cst_29 : tensor<f64>
    %90 = stablehlo.convert %87 : tensor<f64>
    %91 = stablehlo.multiply %90, %89 : tensor<f64>
    %92 = stablehlo.subtract %91, %86 : tensor<f64>
    %cst_30 = stablehlo.constant dense<0xFFF0000000000000> : tensor<f64>
    %93 = stablehlo.reduce(%55 init: %cst_30) applies stablehlo.maximum across dimensions = [0] : (tensor<25x1000xf64>, tensor<f64>) -> tensor<1000xf64>
    %94 = stablehlo.reshape %93 : (tensor<1000xf64>) -> tensor<1x1000xf64>
    %95 = stablehlo.broadcast_in_dim %94, dims = [0, 1] : (tensor<1x1000xf64>) -> tensor<25x1000xf64>
    %96 = stablehlo.compare EQ, %55, %95, FLOAT : (tensor<25x1000xf64>, tensor<25x1000xf64>) -> tensor<25x1000xi1>
    %97 = stablehlo.convert %96 : (tensor<25x1000xi1>) -> tensor<25x1000xf64>
    %cst_31 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %98 = stablehlo.reduce(%97 init: %cst_31) applies stablehlo.add across dimensions = [0] : (tensor<25x1000xf64>, tensor<f64>) -> tensor<1000xf64>
    %cst_32 = stablehlo.constant dense<0xFFF0000000000000> : tensor<f64>
    %99 = stablehlo.broadcast_in_dim %cst_32, dims = [] : (tensor<f64>) -> tensor<1000xf64>
    %100 = stablehlo.maximum %99, %93 : tensor<1000xf64>
    %101 = stablehlo.compare EQ, %93, %100, FLOAT : (tensor<1000xf64>, tensor<1000xf64>) -> tensor<1000xi1>
    %cst_33 = stablehlo.constant dense<1.000000e+00> : tensor<f64>
    %102 = stablehlo.broadcast_in_dim %cst_33, dims = [] : (tensor<f64>) -> tensor<1000xf64>
    %cst_34 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %103 = stablehlo.broadcast_in_dim %cst_34, dims = [] : (tensor<f64>) -> tensor<1000xf64>
    %104 = stablehlo.select %101, %102, %103 : tensor<1000xi1>, tensor<1000xf64>
    %cst_35 = stablehlo.constant dense<0xFFF0000000000000> : tensor<f64>
    %105 = stablehlo.broadcast_in_dim %cst_35, dims = [] : (tensor<f64>) -> tensor<1000xf64>
    %106 = stablehlo.compare EQ, %105, %100, FLOAT : (tensor<1000xf64>, tensor<1000xf64>) -> tensor<1000xi1>
    %cst_36 = stablehlo.constant dense<2.000000e+00> : tensor<f64>
    %107 = stablehlo.broadcast_in_dim %cst_36, dims = [] : (tensor<f64>) -> tensor<1000xf64>
    %cst_37 = stablehlo.constant dense<1.000000e+00> : tensor<f64>
    %108 = stablehlo.broadcast_in_dim %cst_37, dims = [] : (tensor<f64>) -> tensor<1000xf64>
    %109 = stablehlo.select %106, %107, %108 : tensor<1000xi1>, tensor<1000xf64>
    %110 = stablehlo.divide %104, %109 : tensor<1000xf64>
    %111 = stablehlo.is_finite %100 : (tensor<1000xf64>) -> tensor<1000xi1>
    %cst_38 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %112 = stablehlo.broadcast_in_dim %cst_38, dims = [] : (tensor<f64>) -> tensor<1000xf64>
    %113 = stablehlo.select %111, %100, %112 : tensor<1000xi1>, tensor<1000xf64>
    %cst_39 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %114 = stablehlo.broadcast_in_dim %cst_39, dims = [] : (tensor<f64>) -> tensor<1000xf64>
    %115 = stablehlo.broadcast_in_dim %113, dims = [1] : (tensor<1000xf64>) -> tensor<1x1000xf64>
    %116 = stablehlo.broadcast_in_dim %115, dims = [0, 1] : (tensor<1x1000xf64>) -> tensor<25x1000xf64>
    %117 = stablehlo.subtract %55, %116 : tensor<25x1000xf64>
    %118 = stablehlo.exponential %117 : tensor<25x1000xf64>
    %cst_40 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %119 = stablehlo.reduce(%118 init: %cst_40) applies stablehlo.add across dimensions = [0] : (tensor<25x1000xf64>, tensor<f64>) -> tensor<1000xf64>
    %120 = stablehlo.sign %119 : tensor<1000xf64>
    %121 = stablehlo.abs %119 : tensor<1000xf64>
    %cst_41 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %122 = stablehlo.broadcast_in_dim %cst_41, dims = [] : (tensor<f64>) -> tensor<1000xf64>
    %123 = stablehlo.compare GE, %119, %122, FLOAT : (tensor<1000xf64>, tensor<1000xf64>) -> tensor<1000xi1>
    %124 = stablehlo.log %121 : tensor<1000xf64>
    %125 = stablehlo.add %124, %113 : tensor<1000xf64>
    %cst_42 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %126 = stablehlo.reduce(%125 init: %cst_42) applies stablehlo.add across dimensions = [0] : (tensor<1000xf64>, tensor<f64>) -> tensor<f64>
    %cst_43 = stablehlo.constant dense<0xFFF0000000000000> : tensor<f64>
    %127 = stablehlo.reduce(%arg0 init: %cst_43) applies stablehlo.maximum across dimensions = [0] : (tensor<25xf64>, tensor<f64>) -> tensor<f64>
    %128 = stablehlo.reshape %127 : (tensor<f64>) -> tensor<1xf64>
    %129 = stablehlo.broadcast_in_dim %128, dims = [0] : (tensor<1xf64>) -> tensor<25xf64>
    %130 = stablehlo.compare EQ, %arg0, %129, FLOAT : (tensor<25xf64>, tensor<25xf64>) -> tensor<25xi1>
    %131 = stablehlo.convert %130 : (tensor<25xi1>) -> tensor<25xf64>
    %cst_44 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %132 = stablehlo.reduce(%131 init: %cst_44) applies stablehlo.add across dimensions = [0] : (tensor<25xf64>, tensor<f64>) -> tensor<f64>
    %cst_45 = stablehlo.constant dense<0xFFF0000000000000> : tensor<f64>
    %133 = stablehlo.maximum %cst_45, %127 : tensor<f64>
    %134 = stablehlo.compare EQ, %127, %133, FLOAT : (tensor<f64>, tensor<f64>) -> tensor<i1>
    %cst_46 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %cst_47 = stablehlo.constant dense<1.000000e+00> : tensor<f64>
    %135 = stablehlo.select %134, %cst_47, %cst_46 : tensor<i1>, tensor<f64>
    %cst_48 = stablehlo.constant dense<0xFFF0000000000000> : tensor<f64>
    %136 = stablehlo.compare EQ, %cst_48, %133, FLOAT : (tensor<f64>, tensor<f64>) -> tensor<i1>
    %cst_49 = stablehlo.constant dense<1.000000e+00> : tensor<f64>
    %cst_50 = stablehlo.constant dense<2.000000e+00> : tensor<f64>
    %137 = stablehlo.select %136, %cst_50, %cst_49 : tensor<i1>, tensor<f64>
    %138 = stablehlo.divide %135, %137 : tensor<f64>
    %139 = stablehlo.is_finite %133 : (tensor<f64>) -> tensor<i1>
    %cst_51 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %140 = stablehlo.select %139, %133, %cst_51 : tensor<i1>, tensor<f64>
    %141 = stablehlo.broadcast_in_dim %140, dims = [] : (tensor<f64>) -> tensor<1xf64>
    %142 = stablehlo.broadcast_in_dim %141, dims = [0] : (tensor<1xf64>) -> tensor<25xf64>
    %143 = stablehlo.subtract %arg0, %142 : tensor<25xf64>
    %144 = stablehlo.exponential %143 : tensor<25xf64>
    %cst_52 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %145 = stablehlo.reduce(%144 init: %cst_52) applies stablehlo.add across dimensions = [0] : (tensor<25xf64>, tensor<f64>) -> tensor<f64>
    %146 = stablehlo.sign %145 : tensor<f64>
    %147 = stablehlo.abs %145 : tensor<f64>
    %cst_53 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %148 = stablehlo.compare GE, %145, %cst_53, FLOAT : (tensor<f64>, tensor<f64>) -> tensor<i1>
    %149 = stablehlo.log %147 : tensor<f64>
    %150 = stablehlo.add %149, %140 : tensor<f64>
    %cst_54 = stablehlo.constant dense<1.000000e+03> : tensor<f64>
    %151 = stablehlo.multiply %cst_54, %150 : tensor<f64>
    %152 = stablehlo.subtract %126, %151 : tensor<f64>
    %153 = stablehlo.add %152, %72 : tensor<f64>
    %cst_55 = stablehlo.constant dense<2.500000e+01> : tensor<f64>
    %154 = stablehlo.multiply %cst_55, %92 : tensor<f64>
    %155 = stablehlo.subtract %153, %154 : tensor<f64>
    %cst_56 = stablehlo.constant dense<9189.385332046726> : tensor<f64>
    %156 = stablehlo.subtract %155, %cst_56 : tensor<f64>
    %cst_57 = stablehlo.constant dense<1.000000e+00> : tensor<f64>
    %157 = stablehlo.negate %cst_57 : tensor<f64>
    %cst_58 = stablehlo.constant dense<1.000000e+03> : tensor<f64>
    %158 = stablehlo.multiply %cst_58, %157 : tensor<f64>
    %159 = stablehlo.divide %158, %147 : tensor<f64>
    %cst_59 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %160 = stablehlo.select %148, %cst_59, %159 : tensor<i1>, tensor<f64>
    %cst_60 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %161 = stablehlo.select %148, %159, %cst_60 : tensor<i1>, tensor<f64>
    %162 = stablehlo.negate %160 : tensor<f64>
    %163 = stablehlo.add %161, %162 : tensor<f64>
    %164 = stablehlo.broadcast_in_dim %163, dims = [] : (tensor<f64>) -> tensor<25xf64>
    %165 = stablehlo.multiply %164, %144 : tensor<25xf64>
    %cst_61 = stablehlo.constant dense<1.000000e+00> : tensor<f64>
    %166 = stablehlo.broadcast_in_dim %cst_61, dims = [] : (tensor<f64>) -> tensor<1000xf64>
    %167 = stablehlo.divide %166, %121 : tensor<1000xf64>
    %cst_62 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %168 = stablehlo.broadcast_in_dim %cst_62, dims = [] : (tensor<f64>) -> tensor<1000xf64>
    %169 = stablehlo.select %123, %168, %167 : tensor<1000xi1>, tensor<1000xf64>
    %170 = stablehlo.select %123, %167, %168 : tensor<1000xi1>, tensor<1000xf64>
    %171 = stablehlo.negate %169 : tensor<1000xf64>
    %172 = stablehlo.add %170, %171 : tensor<1000xf64>
    %173 = stablehlo.broadcast_in_dim %172, dims = [1] : (tensor<1000xf64>) -> tensor<25x1000xf64>
    %174 = stablehlo.multiply %173, %118 : tensor<25x1000xf64>
    %cst_63 = stablehlo.constant dense<1.000000e+00> : tensor<f64>
    %175 = stablehlo.negate %cst_63 : tensor<f64>
    %176 = stablehlo.broadcast_in_dim %175, dims = [] : (tensor<f64>) -> tensor<25xf64>
    %177 = stablehlo.broadcast_in_dim %68, dims = [] : (tensor<f64>) -> tensor<25xf64>
    %178 = stablehlo.multiply %177, %176 : tensor<25xf64>
    %cst_64 = stablehlo.constant dense<1.000000e+00> : tensor<f64>
    %179 = stablehlo.multiply %57, %cst_64 : tensor<f64>
    %180 = stablehlo.broadcast_in_dim %179, dims = [] : (tensor<f64>) -> tensor<25x45xf64>
    %181 = stablehlo.multiply %180, %64 : tensor<25x45xf64>
    %182 = stablehlo.broadcast_in_dim %179, dims = [] : (tensor<f64>) -> tensor<25x10xf64>
    %183 = stablehlo.multiply %182, %60 : tensor<25x10xf64>
    %cst_65 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %184 = stablehlo.reduce(%174 init: %cst_65) applies stablehlo.add across dimensions = [1] : (tensor<25x1000xf64>, tensor<f64>) -> tensor<25xf64>
    %185 = stablehlo.reshape %184 : (tensor<25xf64>) -> tensor<25x1xf64>
    %186 = stablehlo.negate %174 : tensor<25x1000xf64>
    %cst_66 = stablehlo.constant dense<5.000000e-01> : tensor<f64>
    %187 = stablehlo.broadcast_in_dim %cst_66, dims = [] : (tensor<f64>) -> tensor<25x1000xf64>
    %188 = stablehlo.multiply %187, %186 : tensor<25x1000xf64>
    %189 = stablehlo.broadcast_in_dim %188, dims = [0, 1] : (tensor<25x1000xf64>) -> tensor<25x1000x10xf64>
    %190 = stablehlo.multiply %189, %50 : tensor<25x1000x10xf64>
    %cst_67 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %191 = stablehlo.reduce(%185 init: %cst_67) applies stablehlo.add across dimensions = [1] : (tensor<25x1xf64>, tensor<f64>) -> tensor<25xf64>
    %192 = stablehlo.add %165, %191 : tensor<25xf64>
    %193 = stablehlo.add %178, %191 : tensor<25xf64>
    %194 = stablehlo.dot_general %190, %44, batching_dims = [0] x [0], contracting_dims = [1] x [1], precision = [DEFAULT, DEFAULT] : (tensor<25x1000x10xf64>, tensor<25x1000x10xf64>) -> tensor<25x10x10xf64>
    %195 = stablehlo.dot_general %190, %39, batching_dims = [0] x [0], contracting_dims = [2] x [1], precision = [DEFAULT, DEFAULT] : (tensor<25x1000x10xf64>, tensor<25x10x10xf64>) -> tensor<25x1000x10xf64>
    %cst_68 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %196 = stablehlo.reduce(%195 init: %cst_68) applies stablehlo.add across dimensions = [1] : (tensor<25x1000x10xf64>, tensor<f64>) -> tensor<25x10xf64>
    %197 = stablehlo.reshape %196 : (tensor<25x10xf64>) -> tensor<25x1x10xf64>
    %198 = stablehlo.negate %197 : tensor<25x1x10xf64>
    %cst_69 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %199 = stablehlo.reduce(%198 init: %cst_69) applies stablehlo.add across dimensions = [1] : (tensor<25x1x10xf64>, tensor<f64>) -> tensor<25x10xf64>
    %c_70 = stablehlo.constant dense<9> : tensor<2xi32>
    %c_71 = stablehlo.constant dense<0> : tensor<i32>
    %200 = stablehlo.broadcast_in_dim %c_71, dims = [] : (tensor<i32>) -> tensor<45x2xi32>
    %201 = stablehlo.compare GE, %18, %200, SIGNED : (tensor<45x2xi32>, tensor<45x2xi32>) -> tensor<45x2xi1>
    %202 = stablehlo.broadcast_in_dim %c_70, dims = [1] : (tensor<2xi32>) -> tensor<1x2xi32>
    %203 = stablehlo.broadcast_in_dim %202, dims = [0, 1] : (tensor<1x2xi32>) -> tensor<45x2xi32>
    %204 = stablehlo.compare LE, %18, %203, SIGNED : (tensor<45x2xi32>, tensor<45x2xi32>) -> tensor<45x2xi1>
    %205 = stablehlo.and %201, %204 : tensor<45x2xi1>
    %c_72 = stablehlo.constant dense<true> : tensor<i1>
    %206 = stablehlo.reduce(%205 init: %c_72) applies stablehlo.and across dimensions = [1] : (tensor<45x2xi1>, tensor<i1>) -> tensor<45xi1>
    %207 = "stablehlo.gather"(%194, %18) <{dimension_numbers = #stablehlo.gather<offset_dims = [0], collapsed_slice_dims = [1, 2], start_index_map = [1, 2], index_vector_dim = 1>, indices_are_sorted = false, slice_sizes = array<i64: 25, 1, 1>}> : (tensor<25x10x10xf64>, tensor<45x2xi32>) -> tensor<25x45xf64>
    %208 = stablehlo.broadcast_in_dim %206, dims = [1] : (tensor<45xi1>) -> tensor<25x45xi1>
    %cst_73 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %209 = stablehlo.broadcast_in_dim %cst_73, dims = [] : (tensor<f64>) -> tensor<25x45xf64>
    %210 = stablehlo.select %208, %207, %209 : tensor<25x45xi1>, tensor<25x45xf64>
    %cst_74 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %211 = stablehlo.broadcast_in_dim %cst_74, dims = [] : (tensor<f64>) -> tensor<25x45xf64>
    %212 = stablehlo.select %37, %210, %211 : tensor<25x45xi1>, tensor<25x45xf64>
    %213 = stablehlo.add %181, %212 : tensor<25x45xf64>
    %cst_75 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %214 = stablehlo.broadcast_in_dim %cst_75, dims = [] : (tensor<f64>) -> tensor<25x10x10xf64>
    %215 = stablehlo.select %35, %194, %214 : tensor<25x10x10xi1>, tensor<25x10x10xf64>
    %216 = call @_diag_0(%7#1, %7#2, %7#3, %215) : (tensor<f64>, tensor<25x10x10xi1>, tensor<25x10x10xf64>, tensor<25x10x10xf64>) -> tensor<25x10xf64>
    %217 = stablehlo.add %183, %216 : tensor<25x10xf64>
    %218 = stablehlo.broadcast_in_dim %193, dims = [0] : (tensor<25xf64>) -> tensor<25x10xf64>
    %219 = stablehlo.multiply %217, %5 : tensor<25x10xf64>
    %220 = stablehlo.add %218, %219 : tensor<25x10xf64>
    %cst_76 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %221 = stablehlo.pad %213, %cst_76, low = [0, 10], high = [0, 0], interior = [0, 0] : (tensor<25x45xf64>, tensor<f64>) -> tensor<25x55xf64>
    %cst_77 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %222 = stablehlo.pad %220, %cst_77, low = [0, 0], high = [0, 45], interior = [0, 0] : (tensor<25x10xf64>, tensor<f64>) -> tensor<25x55xf64>
    %223 = stablehlo.add %221, %222 : tensor<25x55xf64>
    %224 = stablehlo.reshape %223 : (tensor<25x55xf64>) -> tensor<1375xf64>
    %225 = stablehlo.reshape %199 : (tensor<25x10xf64>) -> tensor<250xf64>
    return %156, %192, %225, %224 : tensor<f64>, tensor<25xf64>, tensor<250xf64>, tensor<1375xf64>
  }
  func.func private @_diag(%arg0: tensor<25x10xf64>) -> (tensor<25x10x10xf64>, tensor<f64>, tensor<25x10x10xi1>, tensor<25x10x10xf64>) {
    %cst = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %0 = stablehlo.pad %arg0, %cst, low = [0, 0], high = [0, 0], interior = [0, 0] : (tensor<25x10xf64>, tensor<f64>) -> tensor<25x10xf64>
    %1 = stablehlo.iota dim = 0 : tensor<10x10xi64>
    %2 = stablehlo.iota dim = 1 : tensor<10x10xi64>
    %c = stablehlo.constant dense<0> : tensor<i64>
    %3 = stablehlo.broadcast_in_dim %c, dims = [] : (tensor<i64>) -> tensor<10x10xi64>
    %4 = stablehlo.add %1, %3 : tensor<10x10xi64>
    %5 = stablehlo.compare EQ, %4, %2, SIGNED : (tensor<10x10xi64>, tensor<10x10xi64>) -> tensor<10x10xi1>
    %6 = stablehlo.broadcast_in_dim %0, dims = [0, 1] : (tensor<25x10xf64>) -> tensor<25x10x1xf64>
    %cst_0 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %7:3 = call @_where(%5, %6, %cst_0) : (tensor<10x10xi1>, tensor<25x10x1xf64>, tensor<f64>) -> (tensor<25x10x10xf64>, tensor<25x10x10xi1>, tensor<25x10x10xf64>)
    %cst_1 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    return %7#0, %cst_1, %7#1, %7#2 : tensor<25x10x10xf64>, tensor<f64>, tensor<25x10x10xi1>, tensor<25x10x10xf64>
  }
  func.func private @_where(%arg0: tensor<10x10xi1>, %arg1: tensor<25x10x1xf64>, %arg2: tensor<f64>) -> (tensor<25x10x10xf64>, tensor<25x10x10xi1>, tensor<25x10x10xf64>) {
    %0 = stablehlo.broadcast_in_dim %arg1, dims = [0, 1, 2] : (tensor<25x10x1xf64>) -> tensor<25x10x10xf64>
    %1 = stablehlo.broadcast_in_dim %arg2, dims = [] : (tensor<f64>) -> tensor<10x10xf64>
    %2 = stablehlo.broadcast_in_dim %arg0, dims = [1, 2] : (tensor<10x10xi1>) -> tensor<25x10x10xi1>
    %3 = stablehlo.broadcast_in_dim %1, dims = [1, 2] : (tensor<10x10xf64>) -> tensor<25x10x10xf64>
    %4 = stablehlo.select %2, %0, %3 : tensor<25x10x10xi1>, tensor<25x10x10xf64>
    %cst = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %5 = stablehlo.broadcast_in_dim %cst, dims = [] : (tensor<f64>) -> tensor<25x10x10xf64>
    return %4, %2, %5 : tensor<25x10x10xf64>, tensor<25x10x10xi1>, tensor<25x10x10xf64>
  }
  func.func private @_diag_0(%arg0: tensor<f64>, %arg1: tensor<25x10x10xi1>, %arg2: tensor<25x10x10xf64>, %arg3: tensor<25x10x10xf64>) -> tensor<25x10xf64> {
    %0 = call @_where_1(%arg1, %arg2, %arg3) : (tensor<25x10x10xi1>, tensor<25x10x10xf64>, tensor<25x10x10xf64>) -> tensor<25x10x1xf64>
    %cst = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %1 = stablehlo.reduce(%0 init: %cst) applies stablehlo.add across dimensions = [2] : (tensor<25x10x1xf64>, tensor<f64>) -> tensor<25x10xf64>
    %cst_0 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %2 = stablehlo.pad %1, %cst_0, low = [0, 0], high = [0, 0], interior = [0, 0] : (tensor<25x10xf64>, tensor<f64>) -> tensor<25x10xf64>
    %3 = stablehlo.slice %2 [0:25, 0:10] : (tensor<25x10xf64>) -> tensor<25x10xf64>
    return %3 : tensor<25x10xf64>
  }
  func.func private @_where_1(%arg0: tensor<25x10x10xi1>, %arg1: tensor<25x10x10xf64>, %arg2: tensor<25x10x10xf64>) -> tensor<25x10x1xf64> {
    %cst = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %0 = stablehlo.broadcast_in_dim %cst, dims = [] : (tensor<f64>) -> tensor<25x10x10xf64>
    %1 = stablehlo.select %arg0, %arg2, %0 : tensor<25x10x10xi1>, tensor<25x10x10xf64>
    %cst_0 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %2 = stablehlo.reduce(%1 init: %cst_0) applies stablehlo.add across dimensions = [2] : (tensor<25x10x10xf64>, tensor<f64>) -> tensor<25x10xf64>
    %3 = stablehlo.broadcast_in_dim %2, dims = [0, 1] : (tensor<25x10xf64>) -> tensor<25x10x1xf64>
    return %3 : tensor<25x10x1xf64>
  }
}
