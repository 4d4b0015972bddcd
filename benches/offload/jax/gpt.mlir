module @jit_loss attributes {mhlo.num_partitions = 1 : i32, mhlo.num_replicas = 1 : i32} {
  func.func public @main(%arg0: tensor<256xf32>, %arg1: tensor<256xf32>, %arg2: tensor<256x768xf32>, %arg3: tensor<256x256xf32>, %arg4: tensor<256xf32>, %arg5: tensor<256xf32>, %arg6: tensor<256x1024xf32>, %arg7: tensor<1024xf32>, %arg8: tensor<1024x256xf32>, %arg9: tensor<256xf32>, %arg10: tensor<4x128x256xf32>, %arg11: tensor<4x128x256xf32>) -> (tensor<f32> {jax.result_info = "result[0]"}, tensor<256xf32> {jax.result_info = "result[1][0]"}, tensor<256xf32> {jax.result_info = "result[1][1]"}, tensor<256x768xf32> {jax.result_info = "result[1][2]"}, tensor<256x256xf32> {jax.result_info = "result[1][3]"}, tensor<256xf32> {jax.result_info = "result[1][4]"}, tensor<256xf32> {jax.result_info = "result[1][5]"}, tensor<256x1024xf32> {jax.result_info = "result[1][6]"}, tensor<1024xf32> {jax.result_info = "result[1][7]"}, tensor<1024x256xf32> {jax.result_info = "result[1][8]"}, tensor<256xf32> {jax.result_info = "result[1][9]"}) {
    %cst = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %0 = stablehlo.reduce(%arg10 init: %cst) applies stablehlo.add across dimensions = [2] : (tensor<4x128x256xf32>, tensor<f32>) -> tensor<4x128xf32>
    %1 = stablehlo.broadcast_in_dim %0, dims = [0, 1] : (tensor<4x128xf32>) -> tensor<4x128x1xf32>
    %cst_0 = stablehlo.constant dense<2.560000e+02> : tensor<f32>
    %2 = stablehlo.broadcast_in_dim %cst_0, dims = [] : (tensor<f32>) -> tensor<4x128x1xf32>
    %3 = stablehlo.divide %1, %2 : tensor<4x128x1xf32>
    %4 = stablehlo.broadcast_in_dim %3, dims = [0, 1, 2] : (tensor<4x128x1xf32>) -> tensor<4x128x256xf32>
    %5 = stablehlo.subtract %arg10, %4 : tensor<4x128x256xf32>
    %6 = stablehlo.multiply %5, %5 : tensor<4x128x256xf32>
    %cst_1 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %7 = stablehlo.reduce(%6 init: %cst_1) applies stablehlo.add across dimensions = [2] : (tensor<4x128x256xf32>, tensor<f32>) -> tensor<4x128xf32>
    %8 = stablehlo.broadcast_in_dim %7, dims = [0, 1] : (tensor<4x128xf32>) -> tensor<4x128x1xf32>
    %cst_2 = stablehlo.constant dense<2.560000e+02> : tensor<f32>
    %9 = stablehlo.broadcast_in_dim %cst_2, dims = [] : (tensor<f32>) -> tensor<4x128x1xf32>
    %10 = stablehlo.divide %8, %9 : tensor<4x128x1xf32>
    %cst_3 = stablehlo.constant dense<9.99999974E-6> : tensor<f32>
    %11 = stablehlo.broadcast_in_dim %cst_3, dims = [] : (tensor<f32>) -> tensor<4x128x1xf32>
    %12 = stablehlo.add %10, %11 : tensor<4x128x1xf32>
    %13 = stablehlo.rsqrt %12 : tensor<4x128x1xf32>
    %14 = stablehlo.broadcast_in_dim %13, dims = [0, 1, 2] : (tensor<4x128x1xf32>) -> tensor<4x128x256xf32>
    %15 = stablehlo.multiply %5, %14 : tensor<4x128x256xf32>
    %16 = stablehlo.broadcast_in_dim %arg0, dims = [2] : (tensor<256xf32>) -> tensor<1x1x256xf32>
    %17 = stablehlo.broadcast_in_dim %16, dims = [0, 1, 2] : (tensor<1x1x256xf32>) -> tensor<4x128x256xf32>
    %18 = stablehlo.multiply %15, %17 : tensor<4x128x256xf32>
    %19 = stablehlo.broadcast_in_dim %arg1, dims = [2] : (tensor<256xf32>) -> tensor<1x1x256xf32>
    %20 = stablehlo.broadcast_in_dim %19, dims = [0, 1, 2] : (tensor<1x1x256xf32>) -> tensor<4x128x256xf32>
    %21 = stablehlo.add %18, %20 : tensor<4x128x256xf32>
    %22 = stablehlo.dot_general %21, %arg2, contracting_dims = [2] x [0], precision = [DEFAULT, DEFAULT] : (tensor<4x128x256xf32>, tensor<256x768xf32>) -> tensor<4x128x768xf32>
    %23 = stablehlo.slice %22 [0:4, 0:128, 0:256] : (tensor<4x128x768xf32>) -> tensor<4x128x256xf32>
    %24 = stablehlo.slice %22 [0:4, 0:128, 256:512] : (tensor<4x128x768xf32>) -> tensor<4x128x256xf32>
    %25 = stablehlo.slice %22 [0:4, 0:128, 512:768] : (tensor<4x128x768xf32>) -> tensor<4x128x256xf32>
    %26 = stablehlo.reshape %23 : (tensor<4x128x256xf32>) -> tensor<4x128x8x32xf32>
    %27 = stablehlo.reshape %24 : (tensor<4x128x256xf32>) -> tensor<4x128x8x32xf32>
    %28 = stablehlo.reshape %25 : (tensor<4x128x256xf32>) -> tensor<4x128x8x32xf32>
    %29 = stablehlo.dot_general %26, %27, batching_dims = [0, 2] x [0, 2], contracting_dims = [3] x [3], precision = [DEFAULT, DEFAULT] : (tensor<4x128x8x32xf32>, tensor<4x128x8x32xf32>) -> tensor<4x8x128x128xf32>
    %cst_4 = stablehlo.constant dense<5.65685415> : tensor<f32>
    %30 = stablehlo.broadcast_in_dim %cst_4, dims = [] : (tensor<f32>) -> tensor<4x8x128x128xf32>
    %31 = stablehlo.divide %29, %30 : tensor<4x8x128x128xf32>
    %c = stablehlo.constant dense<true> : tensor<i1>
    %32 = stablehlo.broadcast_in_dim %c, dims = [] : (tensor<i1>) -> tensor<128x128xi1>
    %33 = call @tril(%32) : (tensor<128x128xi1>) -> tensor<128x128xi1>
    %cst_5 = stablehlo.constant dense<0xFFF0000000000000> : tensor<f64>
    %34:3 = call @_where(%33, %31, %cst_5) : (tensor<128x128xi1>, tensor<4x8x128x128xf32>, tensor<f64>) -> (tensor<4x8x128x128xf32>, tensor<4x8x128x128xi1>, tensor<4x8x128x128xf32>)
    %cst_6 = stablehlo.constant dense<0xFF800000> : tensor<f32>
    %35 = stablehlo.reduce(%34#0 init: %cst_6) applies stablehlo.maximum across dimensions = [3] : (tensor<4x8x128x128xf32>, tensor<f32>) -> tensor<4x8x128xf32>
    %36 = stablehlo.reshape %35 : (tensor<4x8x128xf32>) -> tensor<4x8x128x1xf32>
    %37 = stablehlo.broadcast_in_dim %36, dims = [0, 1, 2, 3] : (tensor<4x8x128x1xf32>) -> tensor<4x8x128x128xf32>
    %38 = stablehlo.compare EQ, %34#0, %37, FLOAT : (tensor<4x8x128x128xf32>, tensor<4x8x128x128xf32>) -> tensor<4x8x128x128xi1>
    %39 = stablehlo.convert %38 : (tensor<4x8x128x128xi1>) -> tensor<4x8x128x128xf32>
    %cst_7 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %40 = stablehlo.reduce(%39 init: %cst_7) applies stablehlo.add across dimensions = [3] : (tensor<4x8x128x128xf32>, tensor<f32>) -> tensor<4x8x128xf32>
    %cst_8 = stablehlo.constant dense<0xFF800000> : tensor<f32>
    %41 = stablehlo.broadcast_in_dim %cst_8, dims = [] : (tensor<f32>) -> tensor<4x8x128xf32>
    %42 = stablehlo.maximum %41, %35 : tensor<4x8x128xf32>
    %43 = stablehlo.compare EQ, %35, %42, FLOAT : (tensor<4x8x128xf32>, tensor<4x8x128xf32>) -> tensor<4x8x128xi1>
    %cst_9 = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %44 = stablehlo.broadcast_in_dim %cst_9, dims = [] : (tensor<f32>) -> tensor<4x8x128xf32>
    %cst_10 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %45 = stablehlo.broadcast_in_dim %cst_10, dims = [] : (tensor<f32>) -> tensor<4x8x128xf32>
    %46 = stablehlo.select %43, %44, %45 : tensor<4x8x128xi1>, tensor<4x8x128xf32>
    %cst_11 = stablehlo.constant dense<0xFF800000> : tensor<f32>
    %47 = stablehlo.broadcast_in_dim %cst_11, dims = [] : (tensor<f32>) -> tensor<4x8x128xf32>
    %48 = stablehlo.compare EQ, %47, %42, FLOAT : (tensor<4x8x128xf32>, tensor<4x8x128xf32>) -> tensor<4x8x128xi1>
    %cst_12 = stablehlo.constant dense<2.000000e+00> : tensor<f32>
    %49 = stablehlo.broadcast_in_dim %cst_12, dims = [] : (tensor<f32>) -> tensor<4x8x128xf32>
    %cst_13 = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %50 = stablehlo.broadcast_in_dim %cst_13, dims = [] : (tensor<f32>) -> tensor<4x8x128xf32>
    %51 = stablehlo.select %48, %49, %50 : tensor<4x8x128xi1>, tensor<4x8x128xf32>
    %52 = stablehlo.divide %46, %51 : tensor<4x8x128xf32>
    %53 = stablehlo.broadcast_in_dim %42, dims = [0, 1, 2] : (tensor<4x8x128xf32>) -> tensor<4x8x128x1xf32>
    %54 = stablehlo.broadcast_in_dim %53, dims = [0, 1, 2, 3] : (tensor<4x8x128x1xf32>) -> tensor<4x8x128x128xf32>
    %55 = stablehlo.subtract %34#0, %54 : tensor<4x8x128x128xf32>
    %56 = stablehlo.exponential %55 : tensor<4x8x128x128xf32>
    %cst_14 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %57 = stablehlo.reduce(%56 init: %cst_14) applies stablehlo.add across dimensions = [3] : (tensor<4x8x128x128xf32>, tensor<f32>) -> tensor<4x8x128xf32>
    %58 = stablehlo.broadcast_in_dim %57, dims = [0, 1, 2] : (tensor<4x8x128xf32>) -> tensor<4x8x128x1xf32>
    %59 = stablehlo.broadcast_in_dim %58, dims = [0, 1, 2, 3] : (tensor<4x8x128x1xf32>) -> tensor<4x8x128x128xf32>
    %60 = stablehlo.divide %56, %59 : tensor<4x8x128x128xf32>
    %61 = stablehlo.multiply %58, %58 : tensor<4x8x128x1xf32>
    %cst_15 = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %62 = stablehlo.broadcast_in_dim %cst_15, dims = [] : (tensor<f32>) -> tensor<4x8x128x1xf32>
    %63 = stablehlo.divide %62, %61 : tensor<4x8x128x1xf32>
    %64 = stablehlo.dot_general %28, %60, batching_dims = [0, 2] x [0, 1], contracting_dims = [1] x [3], precision = [DEFAULT, DEFAULT] : (tensor<4x128x8x32xf32>, tensor<4x8x128x128xf32>) -> tensor<4x8x32x128xf32>
    %65 = stablehlo.transpose %64, dims = [0, 3, 1, 2] : (tensor<4x8x32x128xf32>) -> tensor<4x128x8x32xf32>
    %66 = stablehlo.reshape %65 : (tensor<4x128x8x32xf32>) -> tensor<4x128x256xf32>
    %67 = stablehlo.dot_general %66, %arg3, contracting_dims = [2] x [0], precision = [DEFAULT, DEFAULT] : (tensor<4x128x256xf32>, tensor<256x256xf32>) -> tensor<4x128x256xf32>
    %68 = stablehlo.add %arg10, %67 : tensor<4x128x256xf32>
    %cst_16 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %69 = stablehlo.reduce(%68 init: %cst_16) applies stablehlo.add across dimensions = [2] : (tensor<4x128x256xf32>, tensor<f32>) -> tensor<4x128xf32>
    %70 = stablehlo.broadcast_in_dim %69, dims = [0, 1] : (tensor<4x128xf32>) -> tensor<4x128x1xf32>
    %cst_17 = stablehlo.constant dense<2.560000e+02> : tensor<f32>
    %71 = stablehlo.broadcast_in_dim %cst_17, dims = [] : (tensor<f32>) -> tensor<4x128x1xf32>
    %72 = stablehlo.divide %70, %71 : tensor<4x128x1xf32>
    %73 = stablehlo.broadcast_in_dim %72, dims = [0, 1, 2] : (tensor<4x128x1xf32>) -> tensor<4x128x256xf32>
    %74 = stablehlo.subtract %68, %73 : tensor<4x128x256xf32>
    %75 = stablehlo.multiply %74, %74 : tensor<4x128x256xf32>
    %cst_18 = stablehlo.constant dense<2.000000e+00> : tensor<f32>
    %76 = stablehlo.broadcast_in_dim %cst_18, dims = [] : (tensor<f32>) -> tensor<4x128x256xf32>
    %77 = stablehlo.multiply %76, %74 : tensor<4x128x256xf32>
    %cst_19 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %78 = stablehlo.reduce(%75 init: %cst_19) applies stablehlo.add across dimensions = [2] : (tensor<4x128x256xf32>, tensor<f32>) -> tensor<4x128xf32>
    %79 = stablehlo.broadcast_in_dim %78, dims = [0, 1] : (tensor<4x128xf32>) -> tensor<4x128x1xf32>
    %cst_20 = stablehlo.constant dense<2.560000e+02> : tensor<f32>
    %80 = stablehlo.broadcast_in_dim %cst_20, dims = [] : (tensor<f32>) -> tensor<4x128x1xf32>
    %81 = stablehlo.divide %79, %80 : tensor<4x128x1xf32>
    %cst_21 = stablehlo.constant dense<9.99999974E-6> : tensor<f32>
    %82 = stablehlo.broadcast_in_dim %cst_21, dims = [] : (tensor<f32>) -> tensor<4x128x1xf32>
    %83 = stablehlo.add %81, %82 : tensor<4x128x1xf32>
    %84 = stablehlo.rsqrt %83 : tensor<4x128x1xf32>
    %85 = stablehlo.divide %84, %83 : tensor<4x128x1xf32>
    %cst_22 = stablehlo.constant dense<-5.000000e-01> : tensor<f32>
    %86 = stablehlo.broadcast_in_dim %cst_22, dims = [] : (tensor<f32>) -> tensor<4x128x1xf32>
    %87 = stablehlo.multiply %86, %85 : tensor<4x128x1xf32>
    %88 = stablehlo.broadcast_in_dim %84, dims = [0, 1, 2] : (tensor<4x128x1xf32>) -> tensor<4x128x256xf32>
    %89 = stablehlo.multiply %74, %88 : tensor<4x128x256xf32>
    %90 = stablehlo.broadcast_in_dim %arg4, dims = [2] : (tensor<256xf32>) -> tensor<1x1x256xf32>
    %91 = stablehlo.broadcast_in_dim %90, dims = [0, 1, 2] : (tensor<1x1x256xf32>) -> tensor<4x128x256xf32>
    %92 = stablehlo.multiply %89, %91 : tensor<4x128x256xf32>
    %93 = stablehlo.broadcast_in_dim %arg5, dims = [2] : (tensor<256xf32>) -> tensor<1x1x256xf32>
    %94 = stablehlo.broadcast_in_dim %93, dims = [0, 1, 2] : (tensor<1x1x256xf32>) -> tensor<4x128x256xf32>
    %95 = stablehlo.add %92, %94 : tensor<4x128x256xf32>
    %96 = stablehlo.dot_general %95, %arg6, contracting_dims = [2] x [0], precision = [DEFAULT, DEFAULT] : (tensor<4x128x256xf32>, tensor<256x1024xf32>) -> tensor<4x128x1024xf32>
    %97 = stablehlo.broadcast_in_dim %arg7, dims = [2] : (tensor<1024xf32>) -> tensor<1x1x1024xf32>
    %98 = stablehlo.broadcast_in_dim %97, dims = [0, 1, 2] : (tensor<1x1x1024xf32>) -> tensor<4x128x1024xf32>
    %99 = stablehlo.add %96, %98 : tensor<4x128x1024xf32>
    %100 = stablehlo.multiply %99, %99 : tensor<4x128x1024xf32>
    %101 = stablehlo.multiply %100, %99 : tensor<4x128x1024xf32>
    %102 = stablehlo.multiply %99, %99 : tensor<4x128x1024xf32>
    %cst_23 = stablehlo.constant dense<3.000000e+00> : tensor<f32>
    %103 = stablehlo.broadcast_in_dim %cst_23, dims = [] : (tensor<f32>) -> tensor<4x128x1024xf32>
    %104 = stablehlo.multiply %103, %102 : tensor<4x128x1024xf32>
    %cst_24 = stablehlo.constant dense<4.471500e-02> : tensor<f32>
    %105 = stablehlo.broadcast_in_dim %cst_24, dims = [] : (tensor<f32>) -> tensor<4x128x1024xf32>
    %106 = stablehlo.multiply %105, %101 : tensor<4x128x1024xf32>
    %107 = stablehlo.add %99, %106 : tensor<4x128x1024xf32>
    %cst_25 = stablehlo.constant dense<0.797884583> : tensor<f32>
    %108 = stablehlo.broadcast_in_dim %cst_25, dims = [] : (tensor<f32>) -> tensor<4x128x1024xf32>
    %109 = stablehlo.multiply %108, %107 : tensor<4x128x1024xf32>
    %110 = stablehlo.tanh %109 : tensor<4x128x1024xf32>
    %cst_26 = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %111 = stablehlo.broadcast_in_dim %cst_26, dims = [] : (tensor<f32>) -> tensor<4x128x1024xf32>
    %112 = stablehlo.subtract %111, %110 : tensor<4x128x1024xf32>
    %cst_27 = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %113 = stablehlo.broadcast_in_dim %cst_27, dims = [] : (tensor<f32>) -> tensor<4x128x1024xf32>
    %114 = stablehlo.add %113, %110 : tensor<4x128x1024xf32>
    %cst_28 = stablehlo.constant dense<5.000000e-01> : tensor<f32>
    %115 = stablehlo.broadcast_in_dim %cst_28, dims = [] : (tensor<f32>) -> tensor<4x128x1024xf32>
    %116 = stablehlo.multiply %115, %114 : tensor<4x128x1024xf32>
    %117 = stablehlo.multiply %99, %116 : tensor<4x128x1024xf32>
    %118 = stablehlo.dot_general %117, %arg8, contracting_dims = [2] x [0], precision = [DEFAULT, DEFAULT] : (tensor<4x128x1024xf32>, tensor<1024x256xf32>) -> tensor<4x128x256xf32>
    %119 = stablehlo.add %68, %118 : tensor<4x128x256xf32>
    %120 = stablehlo.broadcast_in_dim %arg9, dims = [2] : (tensor<256xf32>) -> tensor<1x1x256xf32>
    %121 = stablehlo.broadcast_in_dim %120, dims = [0, 1, 2] : (tensor<1x1x256xf32>) -> tensor<4x128x256xf32>
    %122 = stablehlo.add %119, %121 : tensor<4x128x256xf32>
    %123 = stablehlo.subtract %122, %arg11 : tensor<4x128x256xf32>
    %124 = stablehlo.multiply %123, %123 : tensor<4x128x256xf32>
    %cst_29 = stablehlo.constant dense<2.000000e+00> : tensor<f32>
    %125 = stablehlo.broadcast_in_dim %cst_29, dims = [] : (tensor<f32>) -> tensor<4x128x256xf32>
    %126 = stablehlo.multiply %125, %123 : tensor<4x128x256xf32>
    %cst_30 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %127 = stablehlo.reduce(%124 init: %cst_30) applies stablehlo.add across dimensions = [0, 1, 2] : (tensor<4x128x256xf32>, tensor<f32>) -> tensor<f32>
    %cst_31 = stablehlo.constant dense<1.310720e+05> : tensor<f32>
    %128 = stablehlo.divide %127, %cst_31 : tensor<f32>
    %cst_32 = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %cst_33 = stablehlo.constant dense<1.310720e+05> : tensor<f32>
    %129 = stablehlo.divide %cst_32, %cst_33 : tensor<f32>
    %130 = stablehlo.broadcast_in_dim %129, dims = [] : (tensor<f32>) -> tensor<4x128x256xf32>
    %131 = stablehlo.multiply %130, %126 : tensor<4x128x256xf32>
    %cst_34 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %132 = stablehlo.reduce(%131 init: %cst_34) applies stablehlo.add across dimensions = [0, 1] : (tensor<4x128x256xf32>, tensor<f32>) -> tensor<256xf32>
    %133 = stablehlo.reshape %132 : (tensor<256xf32>) -> tensor<1x1x256xf32>
    %cst_35 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %134 = stablehlo.reduce(%133 init: %cst_35) applies stablehlo.add across dimensions = [0, 1] : (tensor<1x1x256xf32>, tensor<f32>) -> tensor<256xf32>
    %135 = stablehlo.dot_general %131, %117, contracting_dims = [0, 1] x [0, 1], precision = [DEFAULT, DEFAULT] : (tensor<4x128x256xf32>, tensor<4x128x1024xf32>) -> tensor<256x1024xf32>
    %136 = stablehlo.transpose %135, dims = [1, 0] : (tensor<256x1024xf32>) -> tensor<1024x256xf32>
    %137 = stablehlo.dot_general %131, %arg8, contracting_dims = [2] x [1], precision = [DEFAULT, DEFAULT] : (tensor<4x128x256xf32>, tensor<1024x256xf32>) -> tensor<4x128x1024xf32>
    %138 = stablehlo.multiply %99, %137 : tensor<4x128x1024xf32>
    %139 = stablehlo.multiply %137, %116 : tensor<4x128x1024xf32>
    %cst_36 = stablehlo.constant dense<5.000000e-01> : tensor<f32>
    %140 = stablehlo.broadcast_in_dim %cst_36, dims = [] : (tensor<f32>) -> tensor<4x128x1024xf32>
    %141 = stablehlo.multiply %140, %138 : tensor<4x128x1024xf32>
    %142 = stablehlo.multiply %141, %112 : tensor<4x128x1024xf32>
    %143 = stablehlo.multiply %142, %110 : tensor<4x128x1024xf32>
    %144 = stablehlo.add %142, %143 : tensor<4x128x1024xf32>
    %cst_37 = stablehlo.constant dense<0.797884583> : tensor<f32>
    %145 = stablehlo.broadcast_in_dim %cst_37, dims = [] : (tensor<f32>) -> tensor<4x128x1024xf32>
    %146 = stablehlo.multiply %145, %144 : tensor<4x128x1024xf32>
    %147 = stablehlo.add %139, %146 : tensor<4x128x1024xf32>
    %cst_38 = stablehlo.constant dense<4.471500e-02> : tensor<f32>
    %148 = stablehlo.broadcast_in_dim %cst_38, dims = [] : (tensor<f32>) -> tensor<4x128x1024xf32>
    %149 = stablehlo.multiply %148, %146 : tensor<4x128x1024xf32>
    %150 = stablehlo.multiply %149, %104 : tensor<4x128x1024xf32>
    %151 = stablehlo.add %147, %150 : tensor<4x128x1024xf32>
    %cst_39 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %152 = stablehlo.reduce(%151 init: %cst_39) applies stablehlo.add across dimensions = [0, 1] : (tensor<4x128x1024xf32>, tensor<f32>) -> tensor<1024xf32>
    %153 = stablehlo.reshape %152 : (tensor<1024xf32>) -> tensor<1x1x1024xf32>
    %cst_40 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %154 = stablehlo.reduce(%153 init: %cst_40) applies stablehlo.add across dimensions = [0, 1] : (tensor<1x1x1024xf32>, tensor<f32>) -> tensor<1024xf32>
    %155 = stablehlo.dot_general %151, %95, contracting_dims = [0, 1] x [0, 1], precision = [DEFAULT, DEFAULT] : (tensor<4x128x1024xf32>, tensor<4x128x256xf32>) -> tensor<1024x256xf32>
    %156 = stablehlo.transpose %155, dims = [1, 0] : (tensor<1024x256xf32>) -> tensor<256x1024xf32>
    %157 = stablehlo.dot_general %151, %arg6, contracting_dims = [2] x [1], precision = [DEFAULT, DEFAULT] : (tensor<4x128x1024xf32>, tensor<256x1024xf32>) -> tensor<4x128x256xf32>
    %cst_41 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %158 = stablehlo.reduce(%157 init: %cst_41) applies stablehlo.add across dimensions = [0, 1] : (tensor<4x128x256xf32>, tensor<f32>) -> tensor<256xf32>
    %159 = stablehlo.reshape %158 : (tensor<256xf32>) -> tensor<1x1x256xf32>
    %cst_42 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %160 = stablehlo.reduce(%159 init: %cst_42) applies stablehlo.add across dimensions = [0, 1] : (tensor<1x1x256xf32>, tensor<f32>) -> tensor<256xf32>
    %161 = stablehlo.multiply %89, %157 : tensor<4x128x256xf32>
    %cst_43 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %162 = stablehlo.reduce(%161 init: %cst_43) applies stablehlo.add across dimensions = [0, 1] : (tensor<4x128x256xf32>, tensor<f32>) -> tensor<256xf32>
    %163 = stablehlo.reshape %162 : (tensor<256xf32>) -> tensor<1x1x256xf32>
    %164 = stablehlo.broadcast_in_dim %90, dims = [0, 1, 2] : (tensor<1x1x256xf32>) -> tensor<4x128x256xf32>
    %165 = stablehlo.multiply %157, %164 : tensor<4x128x256xf32>
    %cst_44 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %166 = stablehlo.reduce(%163 init: %cst_44) applies stablehlo.add across dimensions = [0, 1] : (tensor<1x1x256xf32>, tensor<f32>) -> tensor<256xf32>
    %167 = stablehlo.multiply %74, %165 : tensor<4x128x256xf32>
    %cst_45 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %168 = stablehlo.reduce(%167 init: %cst_45) applies stablehlo.add across dimensions = [2] : (tensor<4x128x256xf32>, tensor<f32>) -> tensor<4x128xf32>
    %169 = stablehlo.reshape %168 : (tensor<4x128xf32>) -> tensor<4x128x1xf32>
    %170 = stablehlo.broadcast_in_dim %84, dims = [0, 1, 2] : (tensor<4x128x1xf32>) -> tensor<4x128x256xf32>
    %171 = stablehlo.multiply %165, %170 : tensor<4x128x256xf32>
    %172 = stablehlo.multiply %169, %87 : tensor<4x128x1xf32>
    %cst_46 = stablehlo.constant dense<2.560000e+02> : tensor<f32>
    %173 = stablehlo.broadcast_in_dim %cst_46, dims = [] : (tensor<f32>) -> tensor<4x128x1xf32>
    %174 = stablehlo.divide %172, %173 : tensor<4x128x1xf32>
    %cst_47 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %175 = stablehlo.reduce(%174 init: %cst_47) applies stablehlo.add across dimensions = [2] : (tensor<4x128x1xf32>, tensor<f32>) -> tensor<4x128xf32>
    %176 = stablehlo.broadcast_in_dim %175, dims = [0, 1] : (tensor<4x128xf32>) -> tensor<4x128x256xf32>
    %177 = stablehlo.multiply %176, %77 : tensor<4x128x256xf32>
    %178 = stablehlo.add %171, %177 : tensor<4x128x256xf32>
    %179 = stablehlo.negate %178 : tensor<4x128x256xf32>
    %cst_48 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %180 = stablehlo.reduce(%179 init: %cst_48) applies stablehlo.add across dimensions = [2] : (tensor<4x128x256xf32>, tensor<f32>) -> tensor<4x128xf32>
    %181 = stablehlo.reshape %180 : (tensor<4x128xf32>) -> tensor<4x128x1xf32>
    %182 = stablehlo.add %131, %178 : tensor<4x128x256xf32>
    %cst_49 = stablehlo.constant dense<2.560000e+02> : tensor<f32>
    %183 = stablehlo.broadcast_in_dim %cst_49, dims = [] : (tensor<f32>) -> tensor<4x128x1xf32>
    %184 = stablehlo.divide %181, %183 : tensor<4x128x1xf32>
    %cst_50 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %185 = stablehlo.reduce(%184 init: %cst_50) applies stablehlo.add across dimensions = [2] : (tensor<4x128x1xf32>, tensor<f32>) -> tensor<4x128xf32>
    %186 = stablehlo.broadcast_in_dim %185, dims = [0, 1] : (tensor<4x128xf32>) -> tensor<4x128x256xf32>
    %187 = stablehlo.add %182, %186 : tensor<4x128x256xf32>
    %188 = stablehlo.dot_general %187, %66, contracting_dims = [0, 1] x [0, 1], precision = [DEFAULT, DEFAULT] : (tensor<4x128x256xf32>, tensor<4x128x256xf32>) -> tensor<256x256xf32>
    %189 = stablehlo.transpose %188, dims = [1, 0] : (tensor<256x256xf32>) -> tensor<256x256xf32>
    %190 = stablehlo.dot_general %187, %arg3, contracting_dims = [2] x [1], precision = [DEFAULT, DEFAULT] : (tensor<4x128x256xf32>, tensor<256x256xf32>) -> tensor<4x128x256xf32>
    %191 = stablehlo.reshape %190 : (tensor<4x128x256xf32>) -> tensor<4x128x8x32xf32>
    %192 = stablehlo.transpose %191, dims = [0, 2, 3, 1] : (tensor<4x128x8x32xf32>) -> tensor<4x8x32x128xf32>
    %193 = stablehlo.dot_general %192, %28, batching_dims = [0, 1] x [0, 2], contracting_dims = [2] x [3], precision = [DEFAULT, DEFAULT] : (tensor<4x8x32x128xf32>, tensor<4x128x8x32xf32>) -> tensor<4x8x128x128xf32>
    %194 = stablehlo.dot_general %192, %60, batching_dims = [0, 1] x [0, 1], contracting_dims = [3] x [2], precision = [DEFAULT, DEFAULT] : (tensor<4x8x32x128xf32>, tensor<4x8x128x128xf32>) -> tensor<4x8x32x128xf32>
    %195 = stablehlo.transpose %194, dims = [0, 3, 1, 2] : (tensor<4x8x32x128xf32>) -> tensor<4x128x8x32xf32>
    %196 = stablehlo.broadcast_in_dim %63, dims = [0, 1, 2, 3] : (tensor<4x8x128x1xf32>) -> tensor<4x8x128x128xf32>
    %197 = stablehlo.multiply %193, %196 : tensor<4x8x128x128xf32>
    %198 = stablehlo.multiply %197, %56 : tensor<4x8x128x128xf32>
    %cst_51 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %199 = stablehlo.reduce(%198 init: %cst_51) applies stablehlo.add across dimensions = [3] : (tensor<4x8x128x128xf32>, tensor<f32>) -> tensor<4x8x128xf32>
    %200 = stablehlo.reshape %199 : (tensor<4x8x128xf32>) -> tensor<4x8x128x1xf32>
    %201 = stablehlo.negate %200 : tensor<4x8x128x1xf32>
    %202 = stablehlo.broadcast_in_dim %58, dims = [0, 1, 2, 3] : (tensor<4x8x128x1xf32>) -> tensor<4x8x128x128xf32>
    %203 = stablehlo.divide %193, %202 : tensor<4x8x128x128xf32>
    %cst_52 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %204 = stablehlo.reduce(%201 init: %cst_52) applies stablehlo.add across dimensions = [3] : (tensor<4x8x128x1xf32>, tensor<f32>) -> tensor<4x8x128xf32>
    %205 = stablehlo.broadcast_in_dim %204, dims = [0, 1, 2] : (tensor<4x8x128xf32>) -> tensor<4x8x128x128xf32>
    %206 = stablehlo.add %203, %205 : tensor<4x8x128x128xf32>
    %207 = stablehlo.multiply %206, %56 : tensor<4x8x128x128xf32>
    %208 = call @_where_0(%34#1, %34#2, %207) : (tensor<4x8x128x128xi1>, tensor<4x8x128x128xf32>, tensor<4x8x128x128xf32>) -> tensor<4x8x128x128xf32>
    %cst_53 = stablehlo.constant dense<5.65685415> : tensor<f32>
    %209 = stablehlo.broadcast_in_dim %cst_53, dims = [] : (tensor<f32>) -> tensor<4x8x128x128xf32>
    %210 = stablehlo.divide %208, %209 : tensor<4x8x128x128xf32>
    %211 = stablehlo.dot_general %210, %26, batching_dims = [0, 1] x [0, 2], contracting_dims = [2] x [1], precision = [DEFAULT, DEFAULT] : (tensor<4x8x128x128xf32>, tensor<4x128x8x32xf32>) -> tensor<4x8x128x32xf32>
    %212 = stablehlo.transpose %211, dims = [0, 2, 1, 3] : (tensor<4x8x128x32xf32>) -> tensor<4x128x8x32xf32>
    %213 = stablehlo.dot_general %210, %27, batching_dims = [0, 1] x [0, 2], contracting_dims = [3] x [1], precision = [DEFAULT, DEFAULT] : (tensor<4x8x128x128xf32>, tensor<4x128x8x32xf32>) -> tensor<4x8x128x32xf32>
    %214 = stablehlo.transpose %213, dims = [0, 2, 1, 3] : (tensor<4x8x128x32xf32>) -> tensor<4x128x8x32xf32>
    %215 = stablehlo.reshape %195 : (tensor<4x128x8x32xf32>) -> tensor<4x128x256xf32>
    %216 = stablehlo.reshape %212 : (tensor<4x128x8x32xf32>) -> tensor<4x128x256xf32>
    %217 = stablehlo.reshape %214 : (tensor<4x128x8x32xf32>) -> tensor<4x128x256xf32>
    %218 = stablehlo.concatenate %217, %216, %215, dim = 2 : (tensor<4x128x256xf32>, tensor<4x128x256xf32>, tensor<4x128x256xf32>) -> tensor<4x128x768xf32>
    %219 = stablehlo.dot_general %218, %21, contracting_dims = [0, 1] x [0, 1], precision = [DEFAULT, DEFAULT] : (tensor<4x128x768xf32>, tensor<4x128x256xf32>) -> tensor<768x256xf32>
    %220 = stablehlo.transpose %219, dims = [1, 0] : (tensor<768x256xf32>) -> tensor<256x768xf32>
    %221 = stablehlo.dot_general %218, %arg2, contracting_dims = [2] x [1], precision = [DEFAULT, DEFAULT] : (tensor<4x128x768xf32>, tensor<256x768xf32>) -> tensor<4x128x256xf32>
    %cst_54 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %222 = stablehlo.reduce(%221 init: %cst_54) applies stablehlo.add across dimensions = [0, 1] : (tensor<4x128x256xf32>, tensor<f32>) -> tensor<256xf32>
    %223 = stablehlo.reshape %222 : (tensor<256xf32>) -> tensor<1x1x256xf32>
    %cst_55 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %224 = stablehlo.reduce(%223 init: %cst_55) applies stablehlo.add across dimensions = [0, 1] : (tensor<1x1x256xf32>, tensor<f32>) -> tensor<256xf32>
    %225 = stablehlo.multiply %15, %221 : tensor<4x128x256xf32>
    %cst_56 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %226 = stablehlo.reduce(%225 init: %cst_56) applies stablehlo.add across dimensions = [0, 1] : (tensor<4x128x256xf32>, tensor<f32>) -> tensor<256xf32>
    %227 = stablehlo.reshape %226 : (tensor<256xf32>) -> tensor<1x1x256xf32>
    %cst_57 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %228 = stablehlo.reduce(%227 init: %cst_57) applies stablehlo.add across dimensions = [0, 1] : (tensor<1x1x256xf32>, tensor<f32>) -> tensor<256xf32>
    return %128, %228, %224, %220, %189, %166, %160, %156, %154, %136, %134 : tensor<f32>, tensor<256xf32>, tensor<256xf32>, tensor<256x768xf32>, tensor<256x256xf32>, tensor<256xf32>, tensor<256xf32>, tensor<256x1024xf32>, tensor<1024xf32>, tensor<1024x256xf32>, tensor<256xf32>
  }
  func.func private @tril(%arg0: tensor<128x128xi1>) -> tensor<128x128xi1> {
    %0 = stablehlo.iota dim = 0 : tensor<128x128xi64>
    %c = stablehlo.constant dense<0> : tensor<i64>
    %1 = stablehlo.broadcast_in_dim %c, dims = [] : (tensor<i64>) -> tensor<128x128xi64>
    %2 = stablehlo.add %0, %1 : tensor<128x128xi64>
    %3 = stablehlo.iota dim = 1 : tensor<128x128xi64>
    %4 = stablehlo.compare GE, %2, %3, SIGNED : (tensor<128x128xi64>, tensor<128x128xi64>) -> tensor<128x128xi1>
    %c_0 = stablehlo.constant dense<false> : tensor<i1>
    %5 = stablehlo.broadcast_in_dim %c_0, dims = [] : (tensor<i1>) -> tensor<128x128xi1>
    %6 = stablehlo.select %4, %arg0, %5 : tensor<128x128xi1>, tensor<128x128xi1>
    return %6 : tensor<128x128xi1>
  }
  func.func private @_where(%arg0: tensor<128x128xi1>, %arg1: tensor<4x8x128x128xf32>, %arg2: tensor<f64>) -> (tensor<4x8x128x128xf32>, tensor<4x8x128x128xi1>, tensor<4x8x128x128xf32>) {
    %0 = stablehlo.convert %arg2 : (tensor<f64>) -> tensor<f32>
    %1 = stablehlo.broadcast_in_dim %arg0, dims = [2, 3] : (tensor<128x128xi1>) -> tensor<4x8x128x128xi1>
    %2 = stablehlo.broadcast_in_dim %0, dims = [] : (tensor<f32>) -> tensor<4x8x128x128xf32>
    %3 = stablehlo.select %1, %arg1, %2 : tensor<4x8x128x128xi1>, tensor<4x8x128x128xf32>
    %cst = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %4 = stablehlo.broadcast_in_dim %cst, dims = [] : (tensor<f32>) -> tensor<4x8x128x128xf32>
    return %3, %1, %4 : tensor<4x8x128x128xf32>, tensor<4x8x128x128xi1>, tensor<4x8x128x128xf32>
  }
  func.func private @_where_0(%arg0: tensor<4x8x128x128xi1>, %arg1: tensor<4x8x128x128xf32>, %arg2: tensor<4x8x128x128xf32>) -> tensor<4x8x128x128xf32> {
    %cst = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %0 = stablehlo.broadcast_in_dim %cst, dims = [] : (tensor<f32>) -> tensor<4x8x128x128xf32>
    %1 = stablehlo.select %arg0, %arg2, %0 : tensor<4x8x128x128xi1>, tensor<4x8x128x128xf32>
    return %1 : tensor<4x8x128x128xf32>
  }
}
