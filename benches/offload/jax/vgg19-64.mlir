module @jit_loss attributes {mhlo.num_partitions = 1 : i32, mhlo.num_replicas = 1 : i32} {
  func.func public @main(%arg0: tensor<3x3x3x64xf32>, %arg1: tensor<64xf32>, %arg2: tensor<3x3x64x64xf32>, %arg3: tensor<64xf32>, %arg4: tensor<3x3x64x128xf32>, %arg5: tensor<128xf32>, %arg6: tensor<3x3x128x128xf32>, %arg7: tensor<128xf32>, %arg8: tensor<3x3x128x256xf32>, %arg9: tensor<256xf32>, %arg10: tensor<3x3x256x256xf32>, %arg11: tensor<256xf32>, %arg12: tensor<3x3x256x256xf32>, %arg13: tensor<256xf32>, %arg14: tensor<3x3x256x256xf32>, %arg15: tensor<256xf32>, %arg16: tensor<3x3x256x512xf32>, %arg17: tensor<512xf32>, %arg18: tensor<3x3x512x512xf32>, %arg19: tensor<512xf32>, %arg20: tensor<3x3x512x512xf32>, %arg21: tensor<512xf32>, %arg22: tensor<3x3x512x512xf32>, %arg23: tensor<512xf32>, %arg24: tensor<3x3x512x512xf32>, %arg25: tensor<512xf32>, %arg26: tensor<3x3x512x512xf32>, %arg27: tensor<512xf32>, %arg28: tensor<3x3x512x512xf32>, %arg29: tensor<512xf32>, %arg30: tensor<3x3x512x512xf32>, %arg31: tensor<512xf32>, %arg32: tensor<2048x4096xf32>, %arg33: tensor<4096xf32>, %arg34: tensor<4096x4096xf32>, %arg35: tensor<4096xf32>, %arg36: tensor<4096x1000xf32>, %arg37: tensor<1000xf32>, %arg38: tensor<2x64x64x3xf32>, %arg39: tensor<2xui64>) -> (tensor<f32> {jax.result_info = "result[0]"}, tensor<3x3x3x64xf32> {jax.result_info = "result[1][0]"}, tensor<64xf32> {jax.result_info = "result[1][1]"}, tensor<3x3x64x64xf32> {jax.result_info = "result[1][2]"}, tensor<64xf32> {jax.result_info = "result[1][3]"}, tensor<3x3x64x128xf32> {jax.result_info = "result[1][4]"}, tensor<128xf32> {jax.result_info = "result[1][5]"}, tensor<3x3x128x128xf32> {jax.result_info = "result[1][6]"}, tensor<128xf32> {jax.result_info = "result[1][7]"}, tensor<3x3x128x256xf32> {jax.result_info = "result[1][8]"}, tensor<256xf32> {jax.result_info = "result[1][9]"}, tensor<3x3x256x256xf32> {jax.result_info = "result[1][10]"}, tensor<256xf32> {jax.result_info = "result[1][11]"}, tensor<3x3x256x256xf32> {jax.result_info = "result[1][12]"}, tensor<256xf32> {jax.result_info = "result[1][13]"}, tensor<3x3x256x256xf32> {jax.result_info = "result[1][14]"}, tensor<256xf32> {jax.result_info = "result[1][15]"}, tensor<3x3x256x512xf32> {jax.result_info = "result[1][16]"}, tensor<512xf32> {jax.result_info = "result[1][17]"}, tensor<3x3x512x512xf32> {jax.result_info = "result[1][18]"}, tensor<512xf32> {jax.result_info = "result[1][19]"}, tensor<3x3x512x512xf32> {jax.result_info = "result[1][20]"}, tensor<512xf32> {jax.result_info = "result[1][21]"}, tensor<3x3x512x512xf32> {jax.result_info = "result[1][22]"}, tensor<512xf32> {jax.result_info = "result[1][23]"}, tensor<3x3x512x512xf32> {jax.result_info = "result[1][24]"}, tensor<512xf32> {jax.result_info = "result[1][25]"}, tensor<3x3x512x512xf32> {jax.result_info = "result[1][26]"}, tensor<512xf32> {jax.result_info = "result[1][27]"}, tensor<3x3x512x512xf32> {jax.result_info = "result[1][28]"}, tensor<512xf32> {jax.result_info = "result[1][29]"}, tensor<3x3x512x512xf32> {jax.result_info = "result[1][30]"}, tensor<512xf32> {jax.result_info = "result[1][31]"}, tensor<2048x4096xf32> {jax.result_info = "result[1][32]"}, tensor<4096xf32> {jax.result_info = "result[1][33]"}, tensor<4096x4096xf32> {jax.result_info = "result[1][34]"}, tensor<4096xf32> {jax.result_info = "result[1][35]"}, tensor<4096x1000xf32> {jax.result_info = "result[1][36]"}, tensor<1000xf32> {jax.result_info = "result[1][37]"}) {
    %0 = stablehlo.convolution(%arg38, %arg0) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<2x64x64x3xf32>, tensor<3x3x3x64xf32>) -> tensor<2x64x64x64xf32>
    %1 = stablehlo.broadcast_in_dim %arg1, dims = [3] : (tensor<64xf32>) -> tensor<1x1x1x64xf32>
    %2 = stablehlo.broadcast_in_dim %1, dims = [0, 1, 2, 3] : (tensor<1x1x1x64xf32>) -> tensor<2x64x64x64xf32>
    %3 = stablehlo.add %0, %2 : tensor<2x64x64x64xf32>
    %4 = call @relu(%3) : (tensor<2x64x64x64xf32>) -> tensor<2x64x64x64xf32>
    %cst = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %5 = stablehlo.broadcast_in_dim %cst, dims = [] : (tensor<f32>) -> tensor<2x64x64x64xf32>
    %6 = stablehlo.compare GT, %3, %5, FLOAT : (tensor<2x64x64x64xf32>, tensor<2x64x64x64xf32>) -> tensor<2x64x64x64xi1>
    %cst_0 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %7 = stablehlo.broadcast_in_dim %cst_0, dims = [] : (tensor<f32>) -> tensor<2x64x64x64xf32>
    %8 = stablehlo.convolution(%4, %arg2) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<2x64x64x64xf32>, tensor<3x3x64x64xf32>) -> tensor<2x64x64x64xf32>
    %9 = stablehlo.broadcast_in_dim %arg3, dims = [3] : (tensor<64xf32>) -> tensor<1x1x1x64xf32>
    %10 = stablehlo.broadcast_in_dim %9, dims = [0, 1, 2, 3] : (tensor<1x1x1x64xf32>) -> tensor<2x64x64x64xf32>
    %11 = stablehlo.add %8, %10 : tensor<2x64x64x64xf32>
    %12 = call @relu(%11) : (tensor<2x64x64x64xf32>) -> tensor<2x64x64x64xf32>
    %cst_1 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %13 = stablehlo.broadcast_in_dim %cst_1, dims = [] : (tensor<f32>) -> tensor<2x64x64x64xf32>
    %14 = stablehlo.compare GT, %11, %13, FLOAT : (tensor<2x64x64x64xf32>, tensor<2x64x64x64xf32>) -> tensor<2x64x64x64xi1>
    %cst_2 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %15 = stablehlo.broadcast_in_dim %cst_2, dims = [] : (tensor<f32>) -> tensor<2x64x64x64xf32>
    %cst_3 = stablehlo.constant dense<0xFF800000> : tensor<f32>
    %16 = stablehlo.broadcast_in_dim %cst_3, dims = [] : (tensor<f32>) -> tensor<f32>
    %17 = "stablehlo.reduce_window"(%12, %16) <{base_dilations = array<i64: 1, 1, 1, 1>, padding = dense<0> : tensor<4x2xi64>, window_dilations = array<i64: 1, 1, 1, 1>, window_dimensions = array<i64: 1, 2, 2, 1>, window_strides = array<i64: 1, 2, 2, 1>}> ({
    ^bb0(%arg40: tensor<f32>, %arg41: tensor<f32>):
      %334 = stablehlo.maximum %arg40, %arg41 : tensor<f32>
      stablehlo.return %334 : tensor<f32>
    }) : (tensor<2x64x64x64xf32>, tensor<f32>) -> tensor<2x32x32x64xf32>
    %18 = stablehlo.convolution(%17, %arg4) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<2x32x32x64xf32>, tensor<3x3x64x128xf32>) -> tensor<2x32x32x128xf32>
    %19 = stablehlo.broadcast_in_dim %arg5, dims = [3] : (tensor<128xf32>) -> tensor<1x1x1x128xf32>
    %20 = stablehlo.broadcast_in_dim %19, dims = [0, 1, 2, 3] : (tensor<1x1x1x128xf32>) -> tensor<2x32x32x128xf32>
    %21 = stablehlo.add %18, %20 : tensor<2x32x32x128xf32>
    %22 = call @relu_0(%21) : (tensor<2x32x32x128xf32>) -> tensor<2x32x32x128xf32>
    %cst_4 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %23 = stablehlo.broadcast_in_dim %cst_4, dims = [] : (tensor<f32>) -> tensor<2x32x32x128xf32>
    %24 = stablehlo.compare GT, %21, %23, FLOAT : (tensor<2x32x32x128xf32>, tensor<2x32x32x128xf32>) -> tensor<2x32x32x128xi1>
    %cst_5 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %25 = stablehlo.broadcast_in_dim %cst_5, dims = [] : (tensor<f32>) -> tensor<2x32x32x128xf32>
    %26 = stablehlo.convolution(%22, %arg6) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<2x32x32x128xf32>, tensor<3x3x128x128xf32>) -> tensor<2x32x32x128xf32>
    %27 = stablehlo.broadcast_in_dim %arg7, dims = [3] : (tensor<128xf32>) -> tensor<1x1x1x128xf32>
    %28 = stablehlo.broadcast_in_dim %27, dims = [0, 1, 2, 3] : (tensor<1x1x1x128xf32>) -> tensor<2x32x32x128xf32>
    %29 = stablehlo.add %26, %28 : tensor<2x32x32x128xf32>
    %30 = call @relu_0(%29) : (tensor<2x32x32x128xf32>) -> tensor<2x32x32x128xf32>
    %cst_6 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %31 = stablehlo.broadcast_in_dim %cst_6, dims = [] : (tensor<f32>) -> tensor<2x32x32x128xf32>
    %32 = stablehlo.compare GT, %29, %31, FLOAT : (tensor<2x32x32x128xf32>, tensor<2x32x32x128xf32>) -> tensor<2x32x32x128xi1>
    %cst_7 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %33 = stablehlo.broadcast_in_dim %cst_7, dims = [] : (tensor<f32>) -> tensor<2x32x32x128xf32>
    %cst_8 = stablehlo.constant dense<0xFF800000> : tensor<f32>
    %34 = stablehlo.broadcast_in_dim %cst_8, dims = [] : (tensor<f32>) -> tensor<f32>
    %35 = "stablehlo.reduce_window"(%30, %34) <{base_dilations = array<i64: 1, 1, 1, 1>, padding = dense<0> : tensor<4x2xi64>, window_dilations = array<i64: 1, 1, 1, 1>, window_dimensions = array<i64: 1, 2, 2, 1>, window_strides = array<i64: 1, 2, 2, 1>}> ({
    ^bb0(%arg40: tensor<f32>, %arg41: tensor<f32>):
      %334 = stablehlo.maximum %arg40, %arg41 : tensor<f32>
      stablehlo.return %334 : tensor<f32>
    }) : (tensor<2x32x32x128xf32>, tensor<f32>) -> tensor<2x16x16x128xf32>
    %36 = stablehlo.convolution(%35, %arg8) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<2x16x16x128xf32>, tensor<3x3x128x256xf32>) -> tensor<2x16x16x256xf32>
    %37 = stablehlo.broadcast_in_dim %arg9, dims = [3] : (tensor<256xf32>) -> tensor<1x1x1x256xf32>
    %38 = stablehlo.broadcast_in_dim %37, dims = [0, 1, 2, 3] : (tensor<1x1x1x256xf32>) -> tensor<2x16x16x256xf32>
    %39 = stablehlo.add %36, %38 : tensor<2x16x16x256xf32>
    %40 = call @relu_1(%39) : (tensor<2x16x16x256xf32>) -> tensor<2x16x16x256xf32>
    %cst_9 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %41 = stablehlo.broadcast_in_dim %cst_9, dims = [] : (tensor<f32>) -> tensor<2x16x16x256xf32>
    %42 = stablehlo.compare GT, %39, %41, FLOAT : (tensor<2x16x16x256xf32>, tensor<2x16x16x256xf32>) -> tensor<2x16x16x256xi1>
    %cst_10 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %43 = stablehlo.broadcast_in_dim %cst_10, dims = [] : (tensor<f32>) -> tensor<2x16x16x256xf32>
    %44 = stablehlo.convolution(%40, %arg10) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<2x16x16x256xf32>, tensor<3x3x256x256xf32>) -> tensor<2x16x16x256xf32>
    %45 = stablehlo.broadcast_in_dim %arg11, dims = [3] : (tensor<256xf32>) -> tensor<1x1x1x256xf32>
    %46 = stablehlo.broadcast_in_dim %45, dims = [0, 1, 2, 3] : (tensor<1x1x1x256xf32>) -> tensor<2x16x16x256xf32>
    %47 = stablehlo.add %44, %46 : tensor<2x16x16x256xf32>
    %48 = call @relu_1(%47) : (tensor<2x16x16x256xf32>) -> tensor<2x16x16x256xf32>
    %cst_11 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %49 = stablehlo.broadcast_in_dim %cst_11, dims = [] : (tensor<f32>) -> tensor<2x16x16x256xf32>
    %50 = stablehlo.compare GT, %47, %49, FLOAT : (tensor<2x16x16x256xf32>, tensor<2x16x16x256xf32>) -> tensor<2x16x16x256xi1>
    %cst_12 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %51 = stablehlo.broadcast_in_dim %cst_12, dims = [] : (tensor<f32>) -> tensor<2x16x16x256xf32>
    %52 = stablehlo.convolution(%48, %arg12) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<2x16x16x256xf32>, tensor<3x3x256x256xf32>) -> tensor<2x16x16x256xf32>
    %53 = stablehlo.broadcast_in_dim %arg13, dims = [3] : (tensor<256xf32>) -> tensor<1x1x1x256xf32>
    %54 = stablehlo.broadcast_in_dim %53, dims = [0, 1, 2, 3] : (tensor<1x1x1x256xf32>) -> tensor<2x16x16x256xf32>
    %55 = stablehlo.add %52, %54 : tensor<2x16x16x256xf32>
    %56 = call @relu_1(%55) : (tensor<2x16x16x256xf32>) -> tensor<2x16x16x256xf32>
    %cst_13 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %57 = stablehlo.broadcast_in_dim %cst_13, dims = [] : (tensor<f32>) -> tensor<2x16x16x256xf32>
    %58 = stablehlo.compare GT, %55, %57, FLOAT : (tensor<2x16x16x256xf32>, tensor<2x16x16x256xf32>) -> tensor<2x16x16x256xi1>
    %cst_14 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %59 = stablehlo.broadcast_in_dim %cst_14, dims = [] : (tensor<f32>) -> tensor<2x16x16x256xf32>
    %60 = stablehlo.convolution(%56, %arg14) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<2x16x16x256xf32>, tensor<3x3x256x256xf32>) -> tensor<2x16x16x256xf32>
    %61 = stablehlo.broadcast_in_dim %arg15, dims = [3] : (tensor<256xf32>) -> tensor<1x1x1x256xf32>
    %62 = stablehlo.broadcast_in_dim %61, dims = [0, 1, 2, 3] : (tensor<1x1x1x256xf32>) -> tensor<2x16x16x256xf32>
    %63 = stablehlo.add %60, %62 : tensor<2x16x16x256xf32>
    %64 = call @relu_1(%63) : (tensor<2x16x16x256xf32>) -> tensor<2x16x16x256xf32>
    %cst_15 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %65 = stablehlo.broadcast_in_dim %cst_15, dims = [] : (tensor<f32>) -> tensor<2x16x16x256xf32>
    %66 = stablehlo.compare GT, %63, %65, FLOAT : (tensor<2x16x16x256xf32>, tensor<2x16x16x256xf32>) -> tensor<2x16x16x256xi1>
    %cst_16 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %67 = stablehlo.broadcast_in_dim %cst_16, dims = [] : (tensor<f32>) -> tensor<2x16x16x256xf32>
    %cst_17 = stablehlo.constant dense<0xFF800000> : tensor<f32>
    %68 = stablehlo.broadcast_in_dim %cst_17, dims = [] : (tensor<f32>) -> tensor<f32>
    %69 = "stablehlo.reduce_window"(%64, %68) <{base_dilations = array<i64: 1, 1, 1, 1>, padding = dense<0> : tensor<4x2xi64>, window_dilations = array<i64: 1, 1, 1, 1>, window_dimensions = array<i64: 1, 2, 2, 1>, window_strides = array<i64: 1, 2, 2, 1>}> ({
    ^bb0(%arg40: tensor<f32>, %arg41: tensor<f32>):
      %334 = stablehlo.maximum %arg40, %arg41 : tensor<f32>
      stablehlo.return %334 : tensor<f32>
    }) : (tensor<2x16x16x256xf32>, tensor<f32>) -> tensor<2x8x8x256xf32>
    %70 = stablehlo.convolution(%69, %arg16) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<2x8x8x256xf32>, tensor<3x3x256x512xf32>) -> tensor<2x8x8x512xf32>
    %71 = stablehlo.broadcast_in_dim %arg17, dims = [3] : (tensor<512xf32>) -> tensor<1x1x1x512xf32>
    %72 = stablehlo.broadcast_in_dim %71, dims = [0, 1, 2, 3] : (tensor<1x1x1x512xf32>) -> tensor<2x8x8x512xf32>
    %73 = stablehlo.add %70, %72 : tensor<2x8x8x512xf32>
    %74 = call @relu_2(%73) : (tensor<2x8x8x512xf32>) -> tensor<2x8x8x512xf32>
    %cst_18 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %75 = stablehlo.broadcast_in_dim %cst_18, dims = [] : (tensor<f32>) -> tensor<2x8x8x512xf32>
    %76 = stablehlo.compare GT, %73, %75, FLOAT : (tensor<2x8x8x512xf32>, tensor<2x8x8x512xf32>) -> tensor<2x8x8x512xi1>
    %cst_19 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %77 = stablehlo.broadcast_in_dim %cst_19, dims = [] : (tensor<f32>) -> tensor<2x8x8x512xf32>
    %78 = stablehlo.convolution(%74, %arg18) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<2x8x8x512xf32>, tensor<3x3x512x512xf32>) -> tensor<2x8x8x512xf32>
    %79 = stablehlo.broadcast_in_dim %arg19, dims = [3] : (tensor<512xf32>) -> tensor<1x1x1x512xf32>
    %80 = stablehlo.broadcast_in_dim %79, dims = [0, 1, 2, 3] : (tensor<1x1x1x512xf32>) -> tensor<2x8x8x512xf32>
    %81 = stablehlo.add %78, %80 : tensor<2x8x8x512xf32>
    %82 = call @relu_2(%81) : (tensor<2x8x8x512xf32>) -> tensor<2x8x8x512xf32>
    %cst_20 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %83 = stablehlo.broadcast_in_dim %cst_20, dims = [] : (tensor<f32>) -> tensor<2x8x8x512xf32>
    %84 = stablehlo.compare GT, %81, %83, FLOAT : (tensor<2x8x8x512xf32>, tensor<2x8x8x512xf32>) -> tensor<2x8x8x512xi1>
    %cst_21 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %85 = stablehlo.broadcast_in_dim %cst_21, dims = [] : (tensor<f32>) -> tensor<2x8x8x512xf32>
    %86 = stablehlo.convolution(%82, %arg20) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<2x8x8x512xf32>, tensor<3x3x512x512xf32>) -> tensor<2x8x8x512xf32>
    %87 = stablehlo.broadcast_in_dim %arg21, dims = [3] : (tensor<512xf32>) -> tensor<1x1x1x512xf32>
    %88 = stablehlo.broadcast_in_dim %87, dims = [0, 1, 2, 3] : (tensor<1x1x1x512xf32>) -> tensor<2x8x8x512xf32>
    %89 = stablehlo.add %86, %88 : tensor<2x8x8x512xf32>
    %90 = call @relu_2(%89) : (tensor<2x8x8x512xf32>) -> tensor<2x8x8x512xf32>
    %cst_22 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %91 = stablehlo.broadcast_in_dim %cst_22, dims = [] : (tensor<f32>) -> tensor<2x8x8x512xf32>
    %92 = stablehlo.compare GT, %89, %91, FLOAT : (tensor<2x8x8x512xf32>, tensor<2x8x8x512xf32>) -> tensor<2x8x8x512xi1>
    %cst_23 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %93 = stablehlo.broadcast_in_dim %cst_23, dims = [] : (tensor<f32>) -> tensor<2x8x8x512xf32>
    %94 = stablehlo.convolution(%90, %arg22) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<2x8x8x512xf32>, tensor<3x3x512x512xf32>) -> tensor<2x8x8x512xf32>
    %95 = stablehlo.broadcast_in_dim %arg23, dims = [3] : (tensor<512xf32>) -> tensor<1x1x1x512xf32>
    %96 = stablehlo.broadcast_in_dim %95, dims = [0, 1, 2, 3] : (tensor<1x1x1x512xf32>) -> tensor<2x8x8x512xf32>
    %97 = stablehlo.add %94, %96 : tensor<2x8x8x512xf32>
    %98 = call @relu_2(%97) : (tensor<2x8x8x512xf32>) -> tensor<2x8x8x512xf32>
    %cst_24 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %99 = stablehlo.broadcast_in_dim %cst_24, dims = [] : (tensor<f32>) -> tensor<2x8x8x512xf32>
    %100 = stablehlo.compare GT, %97, %99, FLOAT : (tensor<2x8x8x512xf32>, tensor<2x8x8x512xf32>) -> tensor<2x8x8x512xi1>
    %cst_25 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %101 = stablehlo.broadcast_in_dim %cst_25, dims = [] : (tensor<f32>) -> tensor<2x8x8x512xf32>
    %cst_26 = stablehlo.constant dense<0xFF800000> : tensor<f32>
    %102 = stablehlo.broadcast_in_dim %cst_26, dims = [] : (tensor<f32>) -> tensor<f32>
    %103 = "stablehlo.reduce_window"(%98, %102) <{base_dilations = array<i64: 1, 1, 1, 1>, padding = dense<0> : tensor<4x2xi64>, window_dilations = array<i64: 1, 1, 1, 1>, window_dimensions = array<i64: 1, 2, 2, 1>, window_strides = array<i64: 1, 2, 2, 1>}> ({
    ^bb0(%arg40: tensor<f32>, %arg41: tensor<f32>):
      %334 = stablehlo.maximum %arg40, %arg41 : tensor<f32>
      stablehlo.return %334 : tensor<f32>
    }) : (tensor<2x8x8x512xf32>, tensor<f32>) -> tensor<2x4x4x512xf32>
    %104 = stablehlo.convolution(%103, %arg24) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<2x4x4x512xf32>, tensor<3x3x512x512xf32>) -> tensor<2x4x4x512xf32>
    %105 = stablehlo.broadcast_in_dim %arg25, dims = [3] : (tensor<512xf32>) -> tensor<1x1x1x512xf32>
    %106 = stablehlo.broadcast_in_dim %105, dims = [0, 1, 2, 3] : (tensor<1x1x1x512xf32>) -> tensor<2x4x4x512xf32>
    %107 = stablehlo.add %104, %106 : tensor<2x4x4x512xf32>
    %108 = call @relu_3(%107) : (tensor<2x4x4x512xf32>) -> tensor<2x4x4x512xf32>
    %cst_27 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %109 = stablehlo.broadcast_in_dim %cst_27, dims = [] : (tensor<f32>) -> tensor<2x4x4x512xf32>
    %110 = stablehlo.compare GT, %107, %109, FLOAT : (tensor<2x4x4x512xf32>, tensor<2x4x4x512xf32>) -> tensor<2x4x4x512xi1>
    %cst_28 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %111 = stablehlo.broadcast_in_dim %cst_28, dims = [] : (tensor<f32>) -> tensor<2x4x4x512xf32>
    %112 = stablehlo.convolution(%108, %arg26) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<2x4x4x512xf32>, tensor<3x3x512x512xf32>) -> tensor<2x4x4x512xf32>
    %113 = stablehlo.broadcast_in_dim %arg27, dims = [3] : (tensor<512xf32>) -> tensor<1x1x1x512xf32>
    %114 = stablehlo.broadcast_in_dim %113, dims = [0, 1, 2, 3] : (tensor<1x1x1x512xf32>) -> tensor<2x4x4x512xf32>
    %115 = stablehlo.add %112, %114 : tensor<2x4x4x512xf32>
    %116 = call @relu_3(%115) : (tensor<2x4x4x512xf32>) -> tensor<2x4x4x512xf32>
    %cst_29 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %117 = stablehlo.broadcast_in_dim %cst_29, dims = [] : (tensor<f32>) -> tensor<2x4x4x512xf32>
    %118 = stablehlo.compare GT, %115, %117, FLOAT : (tensor<2x4x4x512xf32>, tensor<2x4x4x512xf32>) -> tensor<2x4x4x512xi1>
    %cst_30 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %119 = stablehlo.broadcast_in_dim %cst_30, dims = [] : (tensor<f32>) -> tensor<2x4x4x512xf32>
    %120 = stablehlo.convolution(%116, %arg28) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<2x4x4x512xf32>, tensor<3x3x512x512xf32>) -> tensor<2x4x4x512xf32>
    %121 = stablehlo.broadcast_in_dim %arg29, dims = [3] : (tensor<512xf32>) -> tensor<1x1x1x512xf32>
    %122 = stablehlo.broadcast_in_dim %121, dims = [0, 1, 2, 3] : (tensor<1x1x1x512xf32>) -> tensor<2x4x4x512xf32>
    %123 = stablehlo.add %120, %122 : tensor<2x4x4x512xf32>
    %124 = call @relu_3(%123) : (tensor<2x4x4x512xf32>) -> tensor<2x4x4x512xf32>
    %cst_31 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %125 = stablehlo.broadcast_in_dim %cst_31, dims = [] : (tensor<f32>) -> tensor<2x4x4x512xf32>
    %126 = stablehlo.compare GT, %123, %125, FLOAT : (tensor<2x4x4x512xf32>, tensor<2x4x4x512xf32>) -> tensor<2x4x4x512xi1>
    %cst_32 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %127 = stablehlo.broadcast_in_dim %cst_32, dims = [] : (tensor<f32>) -> tensor<2x4x4x512xf32>
    %128 = stablehlo.convolution(%124, %arg30) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<2x4x4x512xf32>, tensor<3x3x512x512xf32>) -> tensor<2x4x4x512xf32>
    %129 = stablehlo.broadcast_in_dim %arg31, dims = [3] : (tensor<512xf32>) -> tensor<1x1x1x512xf32>
    %130 = stablehlo.broadcast_in_dim %129, dims = [0, 1, 2, 3] : (tensor<1x1x1x512xf32>) -> tensor<2x4x4x512xf32>
    %131 = stablehlo.add %128, %130 : tensor<2x4x4x512xf32>
    %132 = call @relu_3(%131) : (tensor<2x4x4x512xf32>) -> tensor<2x4x4x512xf32>
    %cst_33 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %133 = stablehlo.broadcast_in_dim %cst_33, dims = [] : (tensor<f32>) -> tensor<2x4x4x512xf32>
    %134 = stablehlo.compare GT, %131, %133, FLOAT : (tensor<2x4x4x512xf32>, tensor<2x4x4x512xf32>) -> tensor<2x4x4x512xi1>
    %cst_34 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %135 = stablehlo.broadcast_in_dim %cst_34, dims = [] : (tensor<f32>) -> tensor<2x4x4x512xf32>
    %cst_35 = stablehlo.constant dense<0xFF800000> : tensor<f32>
    %136 = stablehlo.broadcast_in_dim %cst_35, dims = [] : (tensor<f32>) -> tensor<f32>
    %137 = "stablehlo.reduce_window"(%132, %136) <{base_dilations = array<i64: 1, 1, 1, 1>, padding = dense<0> : tensor<4x2xi64>, window_dilations = array<i64: 1, 1, 1, 1>, window_dimensions = array<i64: 1, 2, 2, 1>, window_strides = array<i64: 1, 2, 2, 1>}> ({
    ^bb0(%arg40: tensor<f32>, %arg41: tensor<f32>):
      %334 = stablehlo.maximum %arg40, %arg41 : tensor<f32>
      stablehlo.return %334 : tensor<f32>
    }) : (tensor<2x4x4x512xf32>, tensor<f32>) -> tensor<2x2x2x512xf32>
    %138 = stablehlo.reshape %137 : (tensor<2x2x2x512xf32>) -> tensor<2x2048xf32>
    %139 = stablehlo.dot_general %138, %arg32, contracting_dims = [1] x [0], precision = [DEFAULT, DEFAULT] : (tensor<2x2048xf32>, tensor<2048x4096xf32>) -> tensor<2x4096xf32>
    %140 = stablehlo.broadcast_in_dim %arg33, dims = [1] : (tensor<4096xf32>) -> tensor<1x4096xf32>
    %141 = stablehlo.broadcast_in_dim %140, dims = [0, 1] : (tensor<1x4096xf32>) -> tensor<2x4096xf32>
    %142 = stablehlo.add %139, %141 : tensor<2x4096xf32>
    %143 = call @relu_4(%142) : (tensor<2x4096xf32>) -> tensor<2x4096xf32>
    %cst_36 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %144 = stablehlo.broadcast_in_dim %cst_36, dims = [] : (tensor<f32>) -> tensor<2x4096xf32>
    %145 = stablehlo.compare GT, %142, %144, FLOAT : (tensor<2x4096xf32>, tensor<2x4096xf32>) -> tensor<2x4096xi1>
    %cst_37 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %146 = stablehlo.broadcast_in_dim %cst_37, dims = [] : (tensor<f32>) -> tensor<2x4096xf32>
    %147 = stablehlo.dot_general %143, %arg34, contracting_dims = [1] x [0], precision = [DEFAULT, DEFAULT] : (tensor<2x4096xf32>, tensor<4096x4096xf32>) -> tensor<2x4096xf32>
    %148 = stablehlo.broadcast_in_dim %arg35, dims = [1] : (tensor<4096xf32>) -> tensor<1x4096xf32>
    %149 = stablehlo.broadcast_in_dim %148, dims = [0, 1] : (tensor<1x4096xf32>) -> tensor<2x4096xf32>
    %150 = stablehlo.add %147, %149 : tensor<2x4096xf32>
    %151 = call @relu_4(%150) : (tensor<2x4096xf32>) -> tensor<2x4096xf32>
    %cst_38 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %152 = stablehlo.broadcast_in_dim %cst_38, dims = [] : (tensor<f32>) -> tensor<2x4096xf32>
    %153 = stablehlo.compare GT, %150, %152, FLOAT : (tensor<2x4096xf32>, tensor<2x4096xf32>) -> tensor<2x4096xi1>
    %cst_39 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %154 = stablehlo.broadcast_in_dim %cst_39, dims = [] : (tensor<f32>) -> tensor<2x4096xf32>
    %155 = stablehlo.dot_general %151, %arg36, contracting_dims = [1] x [0], precision = [DEFAULT, DEFAULT] : (tensor<2x4096xf32>, tensor<4096x1000xf32>) -> tensor<2x1000xf32>
    %156 = stablehlo.broadcast_in_dim %arg37, dims = [1] : (tensor<1000xf32>) -> tensor<1x1000xf32>
    %157 = stablehlo.broadcast_in_dim %156, dims = [0, 1] : (tensor<1x1000xf32>) -> tensor<2x1000xf32>
    %158 = stablehlo.add %155, %157 : tensor<2x1000xf32>
    %159:3 = call @log_softmax(%158) : (tensor<2x1000xf32>) -> (tensor<2x1000xf32>, tensor<2x1000xf32>, tensor<2x1xf32>)
    %160 = stablehlo.broadcast_in_dim %arg39, dims = [0] : (tensor<2xui64>) -> tensor<2x1xui64>
    %161:2 = call @take_along_axis(%159#0, %160) : (tensor<2x1000xf32>, tensor<2x1xui64>) -> (tensor<2x1xf32>, tensor<2x1x1xi32>)
    %cst_40 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %162 = stablehlo.reduce(%161#0 init: %cst_40) applies stablehlo.add across dimensions = [0, 1] : (tensor<2x1xf32>, tensor<f32>) -> tensor<f32>
    %cst_41 = stablehlo.constant dense<2.000000e+00> : tensor<f32>
    %163 = stablehlo.divide %162, %cst_41 : tensor<f32>
    %164 = stablehlo.negate %163 : tensor<f32>
    %cst_42 = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %165 = stablehlo.negate %cst_42 : tensor<f32>
    %cst_43 = stablehlo.constant dense<2.000000e+00> : tensor<f32>
    %166 = stablehlo.divide %165, %cst_43 : tensor<f32>
    %167 = stablehlo.broadcast_in_dim %166, dims = [] : (tensor<f32>) -> tensor<2x1xf32>
    %168 = call @take_along_axis_5(%161#1, %167) : (tensor<2x1x1xi32>, tensor<2x1xf32>) -> tensor<2x1000xf32>
    %169 = call @log_softmax_6(%159#1, %159#2, %168) : (tensor<2x1000xf32>, tensor<2x1xf32>, tensor<2x1000xf32>) -> tensor<2x1000xf32>
    %cst_44 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %170 = stablehlo.reduce(%169 init: %cst_44) applies stablehlo.add across dimensions = [0] : (tensor<2x1000xf32>, tensor<f32>) -> tensor<1000xf32>
    %171 = stablehlo.reshape %170 : (tensor<1000xf32>) -> tensor<1x1000xf32>
    %cst_45 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %172 = stablehlo.reduce(%171 init: %cst_45) applies stablehlo.add across dimensions = [0] : (tensor<1x1000xf32>, tensor<f32>) -> tensor<1000xf32>
    %173 = stablehlo.dot_general %169, %151, contracting_dims = [0] x [0], precision = [DEFAULT, DEFAULT] : (tensor<2x1000xf32>, tensor<2x4096xf32>) -> tensor<1000x4096xf32>
    %174 = stablehlo.transpose %173, dims = [1, 0] : (tensor<1000x4096xf32>) -> tensor<4096x1000xf32>
    %175 = stablehlo.dot_general %169, %arg36, contracting_dims = [1] x [1], precision = [DEFAULT, DEFAULT] : (tensor<2x1000xf32>, tensor<4096x1000xf32>) -> tensor<2x4096xf32>
    %cst_46 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %176 = stablehlo.broadcast_in_dim %cst_46, dims = [] : (tensor<f32>) -> tensor<2x4096xf32>
    %177 = stablehlo.select %153, %175, %176 : tensor<2x4096xi1>, tensor<2x4096xf32>
    %cst_47 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %178 = stablehlo.reduce(%177 init: %cst_47) applies stablehlo.add across dimensions = [0] : (tensor<2x4096xf32>, tensor<f32>) -> tensor<4096xf32>
    %179 = stablehlo.reshape %178 : (tensor<4096xf32>) -> tensor<1x4096xf32>
    %cst_48 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %180 = stablehlo.reduce(%179 init: %cst_48) applies stablehlo.add across dimensions = [0] : (tensor<1x4096xf32>, tensor<f32>) -> tensor<4096xf32>
    %181 = stablehlo.dot_general %177, %143, contracting_dims = [0] x [0], precision = [DEFAULT, DEFAULT] : (tensor<2x4096xf32>, tensor<2x4096xf32>) -> tensor<4096x4096xf32>
    %182 = stablehlo.transpose %181, dims = [1, 0] : (tensor<4096x4096xf32>) -> tensor<4096x4096xf32>
    %183 = stablehlo.dot_general %177, %arg34, contracting_dims = [1] x [1], precision = [DEFAULT, DEFAULT] : (tensor<2x4096xf32>, tensor<4096x4096xf32>) -> tensor<2x4096xf32>
    %cst_49 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %184 = stablehlo.broadcast_in_dim %cst_49, dims = [] : (tensor<f32>) -> tensor<2x4096xf32>
    %185 = stablehlo.select %145, %183, %184 : tensor<2x4096xi1>, tensor<2x4096xf32>
    %cst_50 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %186 = stablehlo.reduce(%185 init: %cst_50) applies stablehlo.add across dimensions = [0] : (tensor<2x4096xf32>, tensor<f32>) -> tensor<4096xf32>
    %187 = stablehlo.reshape %186 : (tensor<4096xf32>) -> tensor<1x4096xf32>
    %cst_51 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %188 = stablehlo.reduce(%187 init: %cst_51) applies stablehlo.add across dimensions = [0] : (tensor<1x4096xf32>, tensor<f32>) -> tensor<4096xf32>
    %189 = stablehlo.dot_general %185, %138, contracting_dims = [0] x [0], precision = [DEFAULT, DEFAULT] : (tensor<2x4096xf32>, tensor<2x2048xf32>) -> tensor<4096x2048xf32>
    %190 = stablehlo.transpose %189, dims = [1, 0] : (tensor<4096x2048xf32>) -> tensor<2048x4096xf32>
    %191 = stablehlo.dot_general %185, %arg32, contracting_dims = [1] x [1], precision = [DEFAULT, DEFAULT] : (tensor<2x4096xf32>, tensor<2048x4096xf32>) -> tensor<2x2048xf32>
    %192 = stablehlo.reshape %191 : (tensor<2x2048xf32>) -> tensor<2x2x2x512xf32>
    %cst_52 = stablehlo.constant dense<0xFF800000> : tensor<f32>
    %193 = stablehlo.pad %132, %cst_52, low = [0, 0, 0, 0], high = [0, 0, 0, 0], interior = [0, 0, 0, 0] : (tensor<2x4x4x512xf32>, tensor<f32>) -> tensor<2x4x4x512xf32>
    %cst_53 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %194 = "stablehlo.select_and_scatter"(%193, %192, %cst_53) <{padding = dense<0> : tensor<4x2xi64>, window_dimensions = array<i64: 1, 2, 2, 1>, window_strides = array<i64: 1, 2, 2, 1>}> ({
    ^bb0(%arg40: tensor<f32>, %arg41: tensor<f32>):
      %334 = stablehlo.compare GE, %arg40, %arg41, FLOAT : (tensor<f32>, tensor<f32>) -> tensor<i1>
      stablehlo.return %334 : tensor<i1>
    }, {
    ^bb0(%arg40: tensor<f32>, %arg41: tensor<f32>):
      %334 = stablehlo.add %arg40, %arg41 : tensor<f32>
      stablehlo.return %334 : tensor<f32>
    }) : (tensor<2x4x4x512xf32>, tensor<2x2x2x512xf32>, tensor<f32>) -> tensor<2x4x4x512xf32>
    %195 = stablehlo.slice %194 [0:2, 0:4, 0:4, 0:512] : (tensor<2x4x4x512xf32>) -> tensor<2x4x4x512xf32>
    %cst_54 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %196 = stablehlo.broadcast_in_dim %cst_54, dims = [] : (tensor<f32>) -> tensor<2x4x4x512xf32>
    %197 = stablehlo.select %134, %195, %196 : tensor<2x4x4x512xi1>, tensor<2x4x4x512xf32>
    %cst_55 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %198 = stablehlo.reduce(%197 init: %cst_55) applies stablehlo.add across dimensions = [0, 1, 2] : (tensor<2x4x4x512xf32>, tensor<f32>) -> tensor<512xf32>
    %199 = stablehlo.reshape %198 : (tensor<512xf32>) -> tensor<1x1x1x512xf32>
    %cst_56 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %200 = stablehlo.reduce(%199 init: %cst_56) applies stablehlo.add across dimensions = [0, 1, 2] : (tensor<1x1x1x512xf32>, tensor<f32>) -> tensor<512xf32>
    %201 = stablehlo.convolution(%124, %197) dim_numbers = [f, 0, 1, b]x[i, 0, 1, o]->[0, 1, b, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<2x4x4x512xf32>, tensor<2x4x4x512xf32>) -> tensor<3x3x512x512xf32>
    %202 = stablehlo.reverse %arg30, dims = [0, 1] : tensor<3x3x512x512xf32>
    %203 = stablehlo.convolution(%197, %202) dim_numbers = [b, 0, 1, f]x[0, 1, o, i]->[b, 0, 1, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<2x4x4x512xf32>, tensor<3x3x512x512xf32>) -> tensor<2x4x4x512xf32>
    %cst_57 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %204 = stablehlo.broadcast_in_dim %cst_57, dims = [] : (tensor<f32>) -> tensor<2x4x4x512xf32>
    %205 = stablehlo.select %126, %203, %204 : tensor<2x4x4x512xi1>, tensor<2x4x4x512xf32>
    %cst_58 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %206 = stablehlo.reduce(%205 init: %cst_58) applies stablehlo.add across dimensions = [0, 1, 2] : (tensor<2x4x4x512xf32>, tensor<f32>) -> tensor<512xf32>
    %207 = stablehlo.reshape %206 : (tensor<512xf32>) -> tensor<1x1x1x512xf32>
    %cst_59 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %208 = stablehlo.reduce(%207 init: %cst_59) applies stablehlo.add across dimensions = [0, 1, 2] : (tensor<1x1x1x512xf32>, tensor<f32>) -> tensor<512xf32>
    %209 = stablehlo.convolution(%116, %205) dim_numbers = [f, 0, 1, b]x[i, 0, 1, o]->[0, 1, b, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<2x4x4x512xf32>, tensor<2x4x4x512xf32>) -> tensor<3x3x512x512xf32>
    %210 = stablehlo.reverse %arg28, dims = [0, 1] : tensor<3x3x512x512xf32>
    %211 = stablehlo.convolution(%205, %210) dim_numbers = [b, 0, 1, f]x[0, 1, o, i]->[b, 0, 1, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<2x4x4x512xf32>, tensor<3x3x512x512xf32>) -> tensor<2x4x4x512xf32>
    %cst_60 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %212 = stablehlo.broadcast_in_dim %cst_60, dims = [] : (tensor<f32>) -> tensor<2x4x4x512xf32>
    %213 = stablehlo.select %118, %211, %212 : tensor<2x4x4x512xi1>, tensor<2x4x4x512xf32>
    %cst_61 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %214 = stablehlo.reduce(%213 init: %cst_61) applies stablehlo.add across dimensions = [0, 1, 2] : (tensor<2x4x4x512xf32>, tensor<f32>) -> tensor<512xf32>
    %215 = stablehlo.reshape %214 : (tensor<512xf32>) -> tensor<1x1x1x512xf32>
    %cst_62 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %216 = stablehlo.reduce(%215 init: %cst_62) applies stablehlo.add across dimensions = [0, 1, 2] : (tensor<1x1x1x512xf32>, tensor<f32>) -> tensor<512xf32>
    %217 = stablehlo.convolution(%108, %213) dim_numbers = [f, 0, 1, b]x[i, 0, 1, o]->[0, 1, b, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<2x4x4x512xf32>, tensor<2x4x4x512xf32>) -> tensor<3x3x512x512xf32>
    %218 = stablehlo.reverse %arg26, dims = [0, 1] : tensor<3x3x512x512xf32>
    %219 = stablehlo.convolution(%213, %218) dim_numbers = [b, 0, 1, f]x[0, 1, o, i]->[b, 0, 1, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<2x4x4x512xf32>, tensor<3x3x512x512xf32>) -> tensor<2x4x4x512xf32>
    %cst_63 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %220 = stablehlo.broadcast_in_dim %cst_63, dims = [] : (tensor<f32>) -> tensor<2x4x4x512xf32>
    %221 = stablehlo.select %110, %219, %220 : tensor<2x4x4x512xi1>, tensor<2x4x4x512xf32>
    %cst_64 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %222 = stablehlo.reduce(%221 init: %cst_64) applies stablehlo.add across dimensions = [0, 1, 2] : (tensor<2x4x4x512xf32>, tensor<f32>) -> tensor<512xf32>
    %223 = stablehlo.reshape %222 : (tensor<512xf32>) -> tensor<1x1x1x512xf32>
    %cst_65 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %224 = stablehlo.reduce(%223 init: %cst_65) applies stablehlo.add across dimensions = [0, 1, 2] : (tensor<1x1x1x512xf32>, tensor<f32>) -> tensor<512xf32>
    %225 = stablehlo.convolution(%103, %221) dim_numbers = [f, 0, 1, b]x[i, 0, 1, o]->[0, 1, b, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<2x4x4x512xf32>, tensor<2x4x4x512xf32>) -> tensor<3x3x512x512xf32>
    %226 = stablehlo.reverse %arg24, dims = [0, 1] : tensor<3x3x512x512xf32>
    %227 = stablehlo.convolution(%221, %226) dim_numbers = [b, 0, 1, f]x[0, 1, o, i]->[b, 0, 1, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<2x4x4x512xf32>, tensor<3x3x512x512xf32>) -> tensor<2x4x4x512xf32>
    %cst_66 = stablehlo.constant dense<0xFF800000> : tensor<f32>
    %228 = stablehlo.pad %98, %cst_66, low = [0, 0, 0, 0], high = [0, 0, 0, 0], interior = [0, 0, 0, 0] : (tensor<2x8x8x512xf32>, tensor<f32>) -> tensor<2x8x8x512xf32>
    %cst_67 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %229 = "stablehlo.select_and_scatter"(%228, %227, %cst_67) <{padding = dense<0> : tensor<4x2xi64>, window_dimensions = array<i64: 1, 2, 2, 1>, window_strides = array<i64: 1, 2, 2, 1>}> ({
    ^bb0(%arg40: tensor<f32>, %arg41: tensor<f32>):
      %334 = stablehlo.compare GE, %arg40, %arg41, FLOAT : (tensor<f32>, tensor<f32>) -> tensor<i1>
      stablehlo.return %334 : tensor<i1>
    }, {
    ^bb0(%arg40: tensor<f32>, %arg41: tensor<f32>):
      %334 = stablehlo.add %arg40, %arg41 : tensor<f32>
      stablehlo.return %334 : tensor<f32>
    }) : (tensor<2x8x8x512xf32>, tensor<2x4x4x512xf32>, tensor<f32>) -> tensor<2x8x8x512xf32>
    %230 = stablehlo.slice %229 [0:2, 0:8, 0:8, 0:512] : (tensor<2x8x8x512xf32>) -> tensor<2x8x8x512xf32>
    %cst_68 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %231 = stablehlo.broadcast_in_dim %cst_68, dims = [] : (tensor<f32>) -> tensor<2x8x8x512xf32>
    %232 = stablehlo.select %100, %230, %231 : tensor<2x8x8x512xi1>, tensor<2x8x8x512xf32>
    %cst_69 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %233 = stablehlo.reduce(%232 init: %cst_69) applies stablehlo.add across dimensions = [0, 1, 2] : (tensor<2x8x8x512xf32>, tensor<f32>) -> tensor<512xf32>
    %234 = stablehlo.reshape %233 : (tensor<512xf32>) -> tensor<1x1x1x512xf32>
    %cst_70 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %235 = stablehlo.reduce(%234 init: %cst_70) applies stablehlo.add across dimensions = [0, 1, 2] : (tensor<1x1x1x512xf32>, tensor<f32>) -> tensor<512xf32>
    %236 = stablehlo.convolution(%90, %232) dim_numbers = [f, 0, 1, b]x[i, 0, 1, o]->[0, 1, b, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<2x8x8x512xf32>, tensor<2x8x8x512xf32>) -> tensor<3x3x512x512xf32>
    %237 = stablehlo.reverse %arg22, dims = [0, 1] : tensor<3x3x512x512xf32>
    %238 = stablehlo.convolution(%232, %237) dim_numbers = [b, 0, 1, f]x[0, 1, o, i]->[b, 0, 1, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<2x8x8x512xf32>, tensor<3x3x512x512xf32>) -> tensor<2x8x8x512xf32>
    %cst_71 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %239 = stablehlo.broadcast_in_dim %cst_71, dims = [] : (tensor<f32>) -> tensor<2x8x8x512xf32>
    %240 = stablehlo.select %92, %238, %239 : tensor<2x8x8x512xi1>, tensor<2x8x8x512xf32>
    %cst_72 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %241 = stablehlo.reduce(%240 init: %cst_72) applies stablehlo.add across dimensions = [0, 1, 2] : (tensor<2x8x8x512xf32>, tensor<f32>) -> tensor<512xf32>
    %242 = stablehlo.reshape %241 : (tensor<512xf32>) -> tensor<1x1x1x512xf32>
    %cst_73 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %243 = stablehlo.reduce(%242 init: %cst_73) applies stablehlo.add across dimensions = [0, 1, 2] : (tensor<1x1x1x512xf32>, tensor<f32>) -> tensor<512xf32>
    %244 = stablehlo.convolution(%82, %240) dim_numbers = [f, 0, 1, b]x[i, 0, 1, o]->[0, 1, b, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<2x8x8x512xf32>, tensor<2x8x8x512xf32>) -> tensor<3x3x512x512xf32>
    %245 = stablehlo.reverse %arg20, dims = [0, 1] : tensor<3x3x512x512xf32>
    %246 = stablehlo.convolution(%240, %245) dim_numbers = [b, 0, 1, f]x[0, 1, o, i]->[b, 0, 1, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<2x8x8x512xf32>, tensor<3x3x512x512xf32>) -> tensor<2x8x8x512xf32>
    %cst_74 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %247 = stablehlo.broadcast_in_dim %cst_74, dims = [] : (tensor<f32>) -> tensor<2x8x8x512xf32>
    %248 = stablehlo.select %84, %246, %247 : tensor<2x8x8x512xi1>, tensor<2x8x8x512xf32>
    %cst_75 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %249 = stablehlo.reduce(%248 init: %cst_75) applies stablehlo.add across dimensions = [0, 1, 2] : (tensor<2x8x8x512xf32>, tensor<f32>) -> tensor<512xf32>
    %250 = stablehlo.reshape %249 : (tensor<512xf32>) -> tensor<1x1x1x512xf32>
    %cst_76 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %251 = stablehlo.reduce(%250 init: %cst_76) applies stablehlo.add across dimensions = [0, 1, 2] : (tensor<1x1x1x512xf32>, tensor<f32>) -> tensor<512xf32>
    %252 = stablehlo.convolution(%74, %248) dim_numbers = [f, 0, 1, b]x[i, 0, 1, o]->[0, 1, b, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<2x8x8x512xf32>, tensor<2x8x8x512xf32>) -> tensor<3x3x512x512xf32>
    %253 = stablehlo.reverse %arg18, dims = [0, 1] : tensor<3x3x512x512xf32>
    %254 = stablehlo.convolution(%248, %253) dim_numbers = [b, 0, 1, f]x[0, 1, o, i]->[b, 0, 1, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<2x8x8x512xf32>, tensor<3x3x512x512xf32>) -> tensor<2x8x8x512xf32>
    %cst_77 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %255 = stablehlo.broadcast_in_dim %cst_77, dims = [] : (tensor<f32>) -> tensor<2x8x8x512xf32>
    %256 = stablehlo.select %76, %254, %255 : tensor<2x8x8x512xi1>, tensor<2x8x8x512xf32>
    %cst_78 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %257 = stablehlo.reduce(%256 init: %cst_78) applies stablehlo.add across dimensions = [0, 1, 2] : (tensor<2x8x8x512xf32>, tensor<f32>) -> tensor<512xf32>
    %258 = stablehlo.reshape %257 : (tensor<512xf32>) -> tensor<1x1x1x512xf32>
    %cst_79 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %259 = stablehlo.reduce(%258 init: %cst_79) applies stablehlo.add across dimensions = [0, 1, 2] : (tensor<1x1x1x512xf32>, tensor<f32>) -> tensor<512xf32>
    %260 = stablehlo.convolution(%69, %256) dim_numbers = [f, 0, 1, b]x[i, 0, 1, o]->[0, 1, b, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<2x8x8x256xf32>, tensor<2x8x8x512xf32>) -> tensor<3x3x256x512xf32>
    %261 = stablehlo.reverse %arg16, dims = [0, 1] : tensor<3x3x256x512xf32>
    %262 = stablehlo.convolution(%256, %261) dim_numbers = [b, 0, 1, f]x[0, 1, o, i]->[b, 0, 1, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<2x8x8x512xf32>, tensor<3x3x256x512xf32>) -> tensor<2x8x8x256xf32>
    %cst_80 = stablehlo.constant dense<0xFF800000> : tensor<f32>
    %263 = stablehlo.pad %64, %cst_80, low = [0, 0, 0, 0], high = [0, 0, 0, 0], interior = [0, 0, 0, 0] : (tensor<2x16x16x256xf32>, tensor<f32>) -> tensor<2x16x16x256xf32>
    %cst_81 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %264 = "stablehlo.select_and_scatter"(%263, %262, %cst_81) <{padding = dense<0> : tensor<4x2xi64>, window_dimensions = array<i64: 1, 2, 2, 1>, window_strides = array<i64: 1, 2, 2, 1>}> ({
    ^bb0(%arg40: tensor<f32>, %arg41: tensor<f32>):
      %334 = stablehlo.compare GE, %arg40, %arg41, FLOAT : (tensor<f32>, tensor<f32>) -> tensor<i1>
      stablehlo.return %334 : tensor<i1>
    }, {
    ^bb0(%arg40: tensor<f32>, %arg41: tensor<f32>):
      %334 = stablehlo.add %arg40, %arg41 : tensor<f32>
      stablehlo.return %334 : tensor<f32>
    }) : (tensor<2x16x16x256xf32>, tensor<2x8x8x256xf32>, tensor<f32>) -> tensor<2x16x16x256xf32>
    %265 = stablehlo.slice %264 [0:2, 0:16, 0:16, 0:256] : (tensor<2x16x16x256xf32>) -> tensor<2x16x16x256xf32>
    %cst_82 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %266 = stablehlo.broadcast_in_dim %cst_82, dims = [] : (tensor<f32>) -> tensor<2x16x16x256xf32>
    %267 = stablehlo.select %66, %265, %266 : tensor<2x16x16x256xi1>, tensor<2x16x16x256xf32>
    %cst_83 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %268 = stablehlo.reduce(%267 init: %cst_83) applies stablehlo.add across dimensions = [0, 1, 2] : (tensor<2x16x16x256xf32>, tensor<f32>) -> tensor<256xf32>
    %269 = stablehlo.reshape %268 : (tensor<256xf32>) -> tensor<1x1x1x256xf32>
    %cst_84 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %270 = stablehlo.reduce(%269 init: %cst_84) applies stablehlo.add across dimensions = [0, 1, 2] : (tensor<1x1x1x256xf32>, tensor<f32>) -> tensor<256xf32>
    %271 = stablehlo.convolution(%56, %267) dim_numbers = [f, 0, 1, b]x[i, 0, 1, o]->[0, 1, b, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<2x16x16x256xf32>, tensor<2x16x16x256xf32>) -> tensor<3x3x256x256xf32>
    %272 = stablehlo.reverse %arg14, dims = [0, 1] : tensor<3x3x256x256xf32>
    %273 = stablehlo.convolution(%267, %272) dim_numbers = [b, 0, 1, f]x[0, 1, o, i]->[b, 0, 1, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<2x16x16x256xf32>, tensor<3x3x256x256xf32>) -> tensor<2x16x16x256xf32>
    %cst_85 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %274 = stablehlo.broadcast_in_dim %cst_85, dims = [] : (tensor<f32>) -> tensor<2x16x16x256xf32>
    %275 = stablehlo.select %58, %273, %274 : tensor<2x16x16x256xi1>, tensor<2x16x16x256xf32>
    %cst_86 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %276 = stablehlo.reduce(%275 init: %cst_86) applies stablehlo.add across dimensions = [0, 1, 2] : (tensor<2x16x16x256xf32>, tensor<f32>) -> tensor<256xf32>
    %277 = stablehlo.reshape %276 : (tensor<256xf32>) -> tensor<1x1x1x256xf32>
    %cst_87 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %278 = stablehlo.reduce(%277 init: %cst_87) applies stablehlo.add across dimensions = [0, 1, 2] : (tensor<1x1x1x256xf32>, tensor<f32>) -> tensor<256xf32>
    %279 = stablehlo.convolution(%48, %275) dim_numbers = [f, 0, 1, b]x[i, 0, 1, o]->[0, 1, b, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<2x16x16x256xf32>, tensor<2x16x16x256xf32>) -> tensor<3x3x256x256xf32>
    %280 = stablehlo.reverse %arg12, dims = [0, 1] : tensor<3x3x256x256xf32>
    %281 = stablehlo.convolution(%275, %280) dim_numbers = [b, 0, 1, f]x[0, 1, o, i]->[b, 0, 1, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<2x16x16x256xf32>, tensor<3x3x256x256xf32>) -> tensor<2x16x16x256xf32>
    %cst_88 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %282 = stablehlo.broadcast_in_dim %cst_88, dims = [] : (tensor<f32>) -> tensor<2x16x16x256xf32>
    %283 = stablehlo.select %50, %281, %282 : tensor<2x16x16x256xi1>, tensor<2x16x16x256xf32>
    %cst_89 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %284 = stablehlo.reduce(%283 init: %cst_89) applies stablehlo.add across dimensions = [0, 1, 2] : (tensor<2x16x16x256xf32>, tensor<f32>) -> tensor<256xf32>
    %285 = stablehlo.reshape %284 : (tensor<256xf32>) -> tensor<1x1x1x256xf32>
    %cst_90 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %286 = stablehlo.reduce(%285 init: %cst_90) applies stablehlo.add across dimensions = [0, 1, 2] : (tensor<1x1x1x256xf32>, tensor<f32>) -> tensor<256xf32>
    %287 = stablehlo.convolution(%40, %283) dim_numbers = [f, 0, 1, b]x[i, 0, 1, o]->[0, 1, b, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<2x16x16x256xf32>, tensor<2x16x16x256xf32>) -> tensor<3x3x256x256xf32>
    %288 = stablehlo.reverse %arg10, dims = [0, 1] : tensor<3x3x256x256xf32>
    %289 = stablehlo.convolution(%283, %288) dim_numbers = [b, 0, 1, f]x[0, 1, o, i]->[b, 0, 1, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<2x16x16x256xf32>, tensor<3x3x256x256xf32>) -> tensor<2x16x16x256xf32>
    %cst_91 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %290 = stablehlo.broadcast_in_dim %cst_91, dims = [] : (tensor<f32>) -> tensor<2x16x16x256xf32>
    %291 = stablehlo.select %42, %289, %290 : tensor<2x16x16x256xi1>, tensor<2x16x16x256xf32>
    %cst_92 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %292 = stablehlo.reduce(%291 init: %cst_92) applies stablehlo.add across dimensions = [0, 1, 2] : (tensor<2x16x16x256xf32>, tensor<f32>) -> tensor<256xf32>
    %293 = stablehlo.reshape %292 : (tensor<256xf32>) -> tensor<1x1x1x256xf32>
    %cst_93 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %294 = stablehlo.reduce(%293 init: %cst_93) applies stablehlo.add across dimensions = [0, 1, 2] : (tensor<1x1x1x256xf32>, tensor<f32>) -> tensor<256xf32>
    %295 = stablehlo.convolution(%35, %291) dim_numbers = [f, 0, 1, b]x[i, 0, 1, o]->[0, 1, b, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<2x16x16x128xf32>, tensor<2x16x16x256xf32>) -> tensor<3x3x128x256xf32>
    %296 = stablehlo.reverse %arg8, dims = [0, 1] : tensor<3x3x128x256xf32>
    %297 = stablehlo.convolution(%291, %296) dim_numbers = [b, 0, 1, f]x[0, 1, o, i]->[b, 0, 1, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<2x16x16x256xf32>, tensor<3x3x128x256xf32>) -> tensor<2x16x16x128xf32>
    %cst_94 = stablehlo.constant dense<0xFF800000> : tensor<f32>
    %298 = stablehlo.pad %30, %cst_94, low = [0, 0, 0, 0], high = [0, 0, 0, 0], interior = [0, 0, 0, 0] : (tensor<2x32x32x128xf32>, tensor<f32>) -> tensor<2x32x32x128xf32>
    %cst_95 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %299 = "stablehlo.select_and_scatter"(%298, %297, %cst_95) <{padding = dense<0> : tensor<4x2xi64>, window_dimensions = array<i64: 1, 2, 2, 1>, window_strides = array<i64: 1, 2, 2, 1>}> ({
    ^bb0(%arg40: tensor<f32>, %arg41: tensor<f32>):
      %334 = stablehlo.compare GE, %arg40, %arg41, FLOAT : (tensor<f32>, tensor<f32>) -> tensor<i1>
      stablehlo.return %334 : tensor<i1>
    }, {
    ^bb0(%arg40: tensor<f32>, %arg41: tensor<f32>):
      %334 = stablehlo.add %arg40, %arg41 : tensor<f32>
      stablehlo.return %334 : tensor<f32>
    }) : (tensor<2x32x32x128xf32>, tensor<2x16x16x128xf32>, tensor<f32>) -> tensor<2x32x32x128xf32>
    %300 = stablehlo.slice %299 [0:2, 0:32, 0:32, 0:128] : (tensor<2x32x32x128xf32>) -> tensor<2x32x32x128xf32>
    %cst_96 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %301 = stablehlo.broadcast_in_dim %cst_96, dims = [] : (tensor<f32>) -> tensor<2x32x32x128xf32>
    %302 = stablehlo.select %32, %300, %301 : tensor<2x32x32x128xi1>, tensor<2x32x32x128xf32>
    %cst_97 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %303 = stablehlo.reduce(%302 init: %cst_97) applies stablehlo.add across dimensions = [0, 1, 2] : (tensor<2x32x32x128xf32>, tensor<f32>) -> tensor<128xf32>
    %304 = stablehlo.reshape %303 : (tensor<128xf32>) -> tensor<1x1x1x128xf32>
    %cst_98 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %305 = stablehlo.reduce(%304 init: %cst_98) applies stablehlo.add across dimensions = [0, 1, 2] : (tensor<1x1x1x128xf32>, tensor<f32>) -> tensor<128xf32>
    %306 = stablehlo.convolution(%22, %302) dim_numbers = [f, 0, 1, b]x[i, 0, 1, o]->[0, 1, b, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<2x32x32x128xf32>, tensor<2x32x32x128xf32>) -> tensor<3x3x128x128xf32>
    %307 = stablehlo.reverse %arg6, dims = [0, 1] : tensor<3x3x128x128xf32>
    %308 = stablehlo.convolution(%302, %307) dim_numbers = [b, 0, 1, f]x[0, 1, o, i]->[b, 0, 1, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<2x32x32x128xf32>, tensor<3x3x128x128xf32>) -> tensor<2x32x32x128xf32>
    %cst_99 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %309 = stablehlo.broadcast_in_dim %cst_99, dims = [] : (tensor<f32>) -> tensor<2x32x32x128xf32>
    %310 = stablehlo.select %24, %308, %309 : tensor<2x32x32x128xi1>, tensor<2x32x32x128xf32>
    %cst_100 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %311 = stablehlo.reduce(%310 init: %cst_100) applies stablehlo.add across dimensions = [0, 1, 2] : (tensor<2x32x32x128xf32>, tensor<f32>) -> tensor<128xf32>
    %312 = stablehlo.reshape %311 : (tensor<128xf32>) -> tensor<1x1x1x128xf32>
    %cst_101 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %313 = stablehlo.reduce(%312 init: %cst_101) applies stablehlo.add across dimensions = [0, 1, 2] : (tensor<1x1x1x128xf32>, tensor<f32>) -> tensor<128xf32>
    %314 = stablehlo.convolution(%17, %310) dim_numbers = [f, 0, 1, b]x[i, 0, 1, o]->[0, 1, b, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<2x32x32x64xf32>, tensor<2x32x32x128xf32>) -> tensor<3x3x64x128xf32>
    %315 = stablehlo.reverse %arg4, dims = [0, 1] : tensor<3x3x64x128xf32>
    %316 = stablehlo.convolution(%310, %315) dim_numbers = [b, 0, 1, f]x[0, 1, o, i]->[b, 0, 1, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<2x32x32x128xf32>, tensor<3x3x64x128xf32>) -> tensor<2x32x32x64xf32>
    %cst_102 = stablehlo.constant dense<0xFF800000> : tensor<f32>
    %317 = stablehlo.pad %12, %cst_102, low = [0, 0, 0, 0], high = [0, 0, 0, 0], interior = [0, 0, 0, 0] : (tensor<2x64x64x64xf32>, tensor<f32>) -> tensor<2x64x64x64xf32>
    %cst_103 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %318 = "stablehlo.select_and_scatter"(%317, %316, %cst_103) <{padding = dense<0> : tensor<4x2xi64>, window_dimensions = array<i64: 1, 2, 2, 1>, window_strides = array<i64: 1, 2, 2, 1>}> ({
    ^bb0(%arg40: tensor<f32>, %arg41: tensor<f32>):
      %334 = stablehlo.compare GE, %arg40, %arg41, FLOAT : (tensor<f32>, tensor<f32>) -> tensor<i1>
      stablehlo.return %334 : tensor<i1>
    }, {
    ^bb0(%arg40: tensor<f32>, %arg41: tensor<f32>):
      %334 = stablehlo.add %arg40, %arg41 : tensor<f32>
      stablehlo.return %334 : tensor<f32>
    }) : (tensor<2x64x64x64xf32>, tensor<2x32x32x64xf32>, tensor<f32>) -> tensor<2x64x64x64xf32>
    %319 = stablehlo.slice %318 [0:2, 0:64, 0:64, 0:64] : (tensor<2x64x64x64xf32>) -> tensor<2x64x64x64xf32>
    %cst_104 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %320 = stablehlo.broadcast_in_dim %cst_104, dims = [] : (tensor<f32>) -> tensor<2x64x64x64xf32>
    %321 = stablehlo.select %14, %319, %320 : tensor<2x64x64x64xi1>, tensor<2x64x64x64xf32>
    %cst_105 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %322 = stablehlo.reduce(%321 init: %cst_105) applies stablehlo.add across dimensions = [0, 1, 2] : (tensor<2x64x64x64xf32>, tensor<f32>) -> tensor<64xf32>
    %323 = stablehlo.reshape %322 : (tensor<64xf32>) -> tensor<1x1x1x64xf32>
    %cst_106 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %324 = stablehlo.reduce(%323 init: %cst_106) applies stablehlo.add across dimensions = [0, 1, 2] : (tensor<1x1x1x64xf32>, tensor<f32>) -> tensor<64xf32>
    %325 = stablehlo.convolution(%4, %321) dim_numbers = [f, 0, 1, b]x[i, 0, 1, o]->[0, 1, b, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<2x64x64x64xf32>, tensor<2x64x64x64xf32>) -> tensor<3x3x64x64xf32>
    %326 = stablehlo.reverse %arg2, dims = [0, 1] : tensor<3x3x64x64xf32>
    %327 = stablehlo.convolution(%321, %326) dim_numbers = [b, 0, 1, f]x[0, 1, o, i]->[b, 0, 1, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<2x64x64x64xf32>, tensor<3x3x64x64xf32>) -> tensor<2x64x64x64xf32>
    %cst_107 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %328 = stablehlo.broadcast_in_dim %cst_107, dims = [] : (tensor<f32>) -> tensor<2x64x64x64xf32>
    %329 = stablehlo.select %6, %327, %328 : tensor<2x64x64x64xi1>, tensor<2x64x64x64xf32>
    %cst_108 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %330 = stablehlo.reduce(%329 init: %cst_108) applies stablehlo.add across dimensions = [0, 1, 2] : (tensor<2x64x64x64xf32>, tensor<f32>) -> tensor<64xf32>
    %331 = stablehlo.reshape %330 : (tensor<64xf32>) -> tensor<1x1x1x64xf32>
    %cst_109 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %332 = stablehlo.reduce(%331 init: %cst_109) applies stablehlo.add across dimensions = [0, 1, 2] : (tensor<1x1x1x64xf32>, tensor<f32>) -> tensor<64xf32>
    %333 = stablehlo.convolution(%arg38, %329) dim_numbers = [f, 0, 1, b]x[i, 0, 1, o]->[0, 1, b, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<2x64x64x3xf32>, tensor<2x64x64x64xf32>) -> tensor<3x3x3x64xf32>
    return %164, %333, %332, %325, %324, %314, %313, %306, %305, %295, %294, %287, %286, %279, %278, %271, %270, %260, %259, %252, %251, %244, %243, %236, %235, %225, %224, %217, %216, %209, %208, %201, %200, %190, %188, %182, %180, %174, %172 : tensor<f32>, tensor<3x3x3x64xf32>, tensor<64xf32>, tensor<3x3x64x64xf32>, tensor<64xf32>, tensor<3x3x64x128xf32>, tensor<128xf32>, tensor<3x3x128x128xf32>, tensor<128xf32>, tensor<3x3x128x256xf32>, tensor<256xf32>, tensor<3x3x256x256xf32>, tensor<256xf32>, tensor<3x3x256x256xf32>, tensor<256xf32>, tensor<3x3x256x256xf32>, tensor<256xf32>, tensor<3x3x256x512xf32>, tensor<512xf32>, tensor<3x3x512x512xf32>, tensor<512xf32>, tensor<3x3x512x512xf32>, tensor<512xf32>, tensor<3x3x512x512xf32>, tensor<512xf32>, tensor<3x3x512x512xf32>, tensor<512xf32>, tensor<3x3x512x512xf32>, tensor<512xf32>, tensor<3x3x512x512xf32>, tensor<512xf32>, tensor<3x3x512x512xf32>, tensor<512xf32>, tensor<2048x4096xf32>, tensor<4096xf32>, tensor<4096x4096xf32>, tensor<4096xf32>, tensor<4096x1000xf32>, tensor<1000xf32>
  }
  func.func private @relu(%arg0: tensor<2x64x64x64xf32>) -> tensor<2x64x64x64xf32> {
    %cst = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %0 = stablehlo.broadcast_in_dim %cst, dims = [] : (tensor<f32>) -> tensor<2x64x64x64xf32>
    %1 = stablehlo.maximum %arg0, %0 : tensor<2x64x64x64xf32>
    return %1 : tensor<2x64x64x64xf32>
  }
  func.func private @relu_0(%arg0: tensor<2x32x32x128xf32>) -> tensor<2x32x32x128xf32> {
    %cst = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %0 = stablehlo.broadcast_in_dim %cst, dims = [] : (tensor<f32>) -> tensor<2x32x32x128xf32>
    %1 = stablehlo.maximum %arg0, %0 : tensor<2x32x32x128xf32>
    return %1 : tensor<2x32x32x128xf32>
  }
  func.func private @relu_1(%arg0: tensor<2x16x16x256xf32>) -> tensor<2x16x16x256xf32> {
    %cst = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %0 = stablehlo.broadcast_in_dim %cst, dims = [] : (tensor<f32>) -> tensor<2x16x16x256xf32>
    %1 = stablehlo.maximum %arg0, %0 : tensor<2x16x16x256xf32>
    return %1 : tensor<2x16x16x256xf32>
  }
  func.func private @relu_2(%arg0: tensor<2x8x8x512xf32>) -> tensor<2x8x8x512xf32> {
    %cst = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %0 = stablehlo.broadcast_in_dim %cst, dims = [] : (tensor<f32>) -> tensor<2x8x8x512xf32>
    %1 = stablehlo.maximum %arg0, %0 : tensor<2x8x8x512xf32>
    return %1 : tensor<2x8x8x512xf32>
  }
  func.func private @relu_3(%arg0: tensor<2x4x4x512xf32>) -> tensor<2x4x4x512xf32> {
    %cst = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %0 = stablehlo.broadcast_in_dim %cst, dims = [] : (tensor<f32>) -> tensor<2x4x4x512xf32>
    %1 = stablehlo.maximum %arg0, %0 : tensor<2x4x4x512xf32>
    return %1 : tensor<2x4x4x512xf32>
  }
  func.func private @relu_4(%arg0: tensor<2x4096xf32>) -> tensor<2x4096xf32> {
    %cst = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %0 = stablehlo.broadcast_in_dim %cst, dims = [] : (tensor<f32>) -> tensor<2x4096xf32>
    %1 = stablehlo.maximum %arg0, %0 : tensor<2x4096xf32>
    return %1 : tensor<2x4096xf32>
  }
  func.func private @log_softmax(%arg0: tensor<2x1000xf32>) -> (tensor<2x1000xf32>, tensor<2x1000xf32>, tensor<2x1xf32>) {
    %cst = stablehlo.constant dense<0xFF800000> : tensor<f32>
    %0 = stablehlo.reduce(%arg0 init: %cst) applies stablehlo.maximum across dimensions = [1] : (tensor<2x1000xf32>, tensor<f32>) -> tensor<2xf32>
    %cst_0 = stablehlo.constant dense<0xFF800000> : tensor<f32>
    %1 = stablehlo.broadcast_in_dim %cst_0, dims = [] : (tensor<f32>) -> tensor<2xf32>
    %2 = stablehlo.maximum %1, %0 : tensor<2xf32>
    %3 = stablehlo.broadcast_in_dim %2, dims = [0] : (tensor<2xf32>) -> tensor<2x1xf32>
    %4 = stablehlo.broadcast_in_dim %3, dims = [0, 1] : (tensor<2x1xf32>) -> tensor<2x1000xf32>
    %5 = stablehlo.subtract %arg0, %4 : tensor<2x1000xf32>
    %6 = stablehlo.exponential %5 : tensor<2x1000xf32>
    %cst_1 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %7 = stablehlo.reduce(%6 init: %cst_1) applies stablehlo.add across dimensions = [1] : (tensor<2x1000xf32>, tensor<f32>) -> tensor<2xf32>
    %8 = stablehlo.broadcast_in_dim %7, dims = [0] : (tensor<2xf32>) -> tensor<2x1xf32>
    %9 = stablehlo.log %8 : tensor<2x1xf32>
    %10 = stablehlo.broadcast_in_dim %9, dims = [0, 1] : (tensor<2x1xf32>) -> tensor<2x1000xf32>
    %11 = stablehlo.subtract %5, %10 : tensor<2x1000xf32>
    return %11, %6, %8 : tensor<2x1000xf32>, tensor<2x1000xf32>, tensor<2x1xf32>
  }
  func.func private @take_along_axis(%arg0: tensor<2x1000xf32>, %arg1: tensor<2x1xui64>) -> (tensor<2x1xf32>, tensor<2x1x1xi32>) {
    %0 = stablehlo.convert %arg1 : (tensor<2x1xui64>) -> tensor<2x1xi32>
    %c = stablehlo.constant dense<0> : tensor<i32>
    %1 = stablehlo.broadcast_in_dim %c, dims = [] : (tensor<i32>) -> tensor<2x1xi32>
    %2 = stablehlo.compare LT, %0, %1, SIGNED : (tensor<2x1xi32>, tensor<2x1xi32>) -> tensor<2x1xi1>
    %c_0 = stablehlo.constant dense<1000> : tensor<i32>
    %3 = stablehlo.broadcast_in_dim %c_0, dims = [] : (tensor<i32>) -> tensor<2x1xi32>
    %4 = stablehlo.add %0, %3 : tensor<2x1xi32>
    %5 = stablehlo.select %2, %4, %0 : tensor<2x1xi1>, tensor<2x1xi32>
    %6 = stablehlo.reshape %5 : (tensor<2x1xi32>) -> tensor<2x1x1xi32>
    %c_1 = stablehlo.constant dense<999> : tensor<1xi32>
    %c_2 = stablehlo.constant dense<0> : tensor<i32>
    %7 = stablehlo.broadcast_in_dim %c_2, dims = [] : (tensor<i32>) -> tensor<2x1x1xi32>
    %8 = stablehlo.compare GE, %6, %7, SIGNED : (tensor<2x1x1xi32>, tensor<2x1x1xi32>) -> tensor<2x1x1xi1>
    %9 = stablehlo.broadcast_in_dim %c_1, dims = [2] : (tensor<1xi32>) -> tensor<1x1x1xi32>
    %10 = stablehlo.broadcast_in_dim %9, dims = [0, 1, 2] : (tensor<1x1x1xi32>) -> tensor<2x1x1xi32>
    %11 = stablehlo.compare LE, %6, %10, SIGNED : (tensor<2x1x1xi32>, tensor<2x1x1xi32>) -> tensor<2x1x1xi1>
    %12 = stablehlo.and %8, %11 : tensor<2x1x1xi1>
    %c_3 = stablehlo.constant dense<true> : tensor<i1>
    %13 = stablehlo.reduce(%12 init: %c_3) applies stablehlo.and across dimensions = [2] : (tensor<2x1x1xi1>, tensor<i1>) -> tensor<2x1xi1>
    %14 = "stablehlo.gather"(%arg0, %6) <{dimension_numbers = #stablehlo.gather<collapsed_slice_dims = [1], operand_batching_dims = [0], start_indices_batching_dims = [0], start_index_map = [1], index_vector_dim = 2>, indices_are_sorted = false, slice_sizes = array<i64: 1, 1>}> : (tensor<2x1000xf32>, tensor<2x1x1xi32>) -> tensor<2x1xf32>
    %cst = stablehlo.constant dense<0x7FC00000> : tensor<f32>
    %15 = stablehlo.broadcast_in_dim %cst, dims = [] : (tensor<f32>) -> tensor<2x1xf32>
    %16 = stablehlo.select %13, %14, %15 : tensor<2x1xi1>, tensor<2x1xf32>
    return %16, %6 : tensor<2x1xf32>, tensor<2x1x1xi32>
  }
  func.func private @take_along_axis_5(%arg0: tensor<2x1x1xi32>, %arg1: tensor<2x1xf32>) -> tensor<2x1000xf32> {
    %cst = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %0 = stablehlo.broadcast_in_dim %cst, dims = [] : (tensor<f32>) -> tensor<2x1000xf32>
    %1 = "stablehlo.scatter"(%0, %arg0, %arg1) <{indices_are_sorted = false, scatter_dimension_numbers = #stablehlo.scatter<inserted_window_dims = [1], input_batching_dims = [0], scatter_indices_batching_dims = [0], scatter_dims_to_operand_dims = [1], index_vector_dim = 2>, unique_indices = false}> ({
    ^bb0(%arg2: tensor<f32>, %arg3: tensor<f32>):
      %2 = stablehlo.add %arg2, %arg3 : tensor<f32>
      stablehlo.return %2 : tensor<f32>
    }) : (tensor<2x1000xf32>, tensor<2x1x1xi32>, tensor<2x1xf32>) -> tensor<2x1000xf32>
    return %1 : tensor<2x1000xf32>
  }
  func.func private @log_softmax_6(%arg0: tensor<2x1000xf32>, %arg1: tensor<2x1xf32>, %arg2: tensor<2x1000xf32>) -> tensor<2x1000xf32> {
    %0 = stablehlo.negate %arg2 : tensor<2x1000xf32>
    %cst = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %1 = stablehlo.reduce(%0 init: %cst) applies stablehlo.add across dimensions = [1] : (tensor<2x1000xf32>, tensor<f32>) -> tensor<2xf32>
    %2 = stablehlo.reshape %1 : (tensor<2xf32>) -> tensor<2x1xf32>
    %3 = stablehlo.divide %2, %arg1 : tensor<2x1xf32>
    %cst_0 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %4 = stablehlo.reduce(%3 init: %cst_0) applies stablehlo.add across dimensions = [1] : (tensor<2x1xf32>, tensor<f32>) -> tensor<2xf32>
    %5 = stablehlo.broadcast_in_dim %4, dims = [0] : (tensor<2xf32>) -> tensor<2x1000xf32>
    %6 = stablehlo.multiply %5, %arg0 : tensor<2x1000xf32>
    %7 = stablehlo.add %arg2, %6 : tensor<2x1000xf32>
    return %7 : tensor<2x1000xf32>
  }
}
