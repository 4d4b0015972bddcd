module @jit_loss attributes {mhlo.num_partitions = 1 : i32, mhlo.num_replicas = 1 : i32} {
  func.func public @main(%arg0: tensor<3x3x3x64xf32>, %arg1: tensor<64xf32>, %arg2: tensor<3x3x64x64xf32>, %arg3: tensor<64xf32>, %arg4: tensor<3x3x64x128xf32>, %arg5: tensor<128xf32>, %arg6: tensor<3x3x128x128xf32>, %arg7: tensor<128xf32>, %arg8: tensor<3x3x128x256xf32>, %arg9: tensor<256xf32>, %arg10: tensor<3x3x256x256xf32>, %arg11: tensor<256xf32>, %arg12: tensor<3x3x256x256xf32>, %arg13: tensor<256xf32>, %arg14: tensor<3x3x256x256xf32>, %arg15: tensor<256xf32>, %arg16: tensor<3x3x256x512xf32>, %arg17: tensor<512xf32>, %arg18: tensor<3x3x512x512xf32>, %arg19: tensor<512xf32>, %arg20: tensor<3x3x512x512xf32>, %arg21: tensor<512xf32>, %arg22: tensor<3x3x512x512xf32>, %arg23: tensor<512xf32>, %arg24: tensor<3x3x512x512xf32>, %arg25: tensor<512xf32>, %arg26: tensor<3x3x512x512xf32>, %arg27: tensor<512xf32>, %arg28: tensor<3x3x512x512xf32>, %arg29: tensor<512xf32>, %arg30: tensor<3x3x512x512xf32>, %arg31: tensor<512xf32>, %arg32: tensor<25088x4096xf32>, %arg33: tensor<4096xf32>, %arg34: tensor<4096x4096xf32>, %arg35: tensor<4096xf32>, %arg36: tensor<4096x1000xf32>, %arg37: tensor<1000xf32>, %arg38: tensor<1x224x224x3xf32>, %arg39: tensor<1xui64>) -> (tensor<f32> {jax.result_info = "result[0]"}, tensor<3x3x3x64xf32> {jax.result_info = "result[1][0]"}, tensor<64xf32> {jax.result_info = "result[1][1]"}, tensor<3x3x64x64xf32> {jax.result_info = "result[1][2]"}, tensor<64xf32> {jax.result_info = "result[1][3]"}, tensor<3x3x64x128xf32> {jax.result_info = "result[1][4]"}, tensor<128xf32> {jax.result_info = "result[1][5]"}, tensor<3x3x128x128xf32> {jax.result_info = "result[1][6]"}, tensor<128xf32> {jax.result_info = "result[1][7]"}, tensor<3x3x128x256xf32> {jax.result_info = "result[1][8]"}, tensor<256xf32> {jax.result_info = "result[1][9]"}, tensor<3x3x256x256xf32> {jax.result_info = "result[1][10]"}, tensor<256xf32> {jax.result_info = "result[1][11]"}, tensor<3x3x256x256xf32> {jax.result_info = "result[1][12]"}, tensor<256xf32> {jax.result_info = "result[1][13]"}, tensor<3x3x256x256xf32> {jax.result_info = "result[1][14]"}, tensor<256xf32> {jax.result_info = "result[1][15]"}, tensor<3x3x256x512xf32> {jax.result_info = "result[1][16]"}, tensor<512xf32> {jax.result_info = "result[1][17]"}, tensor<3x3x512x512xf32> {jax.result_info = "result[1][18]"}, tensor<512xf32> {jax.result_info = "result[1][19]"}, tensor<3x3x512x512xf32> {jax.result_info = "result[1][20]"}, tensor<512xf32> {jax.result_info = "result[1][21]"}, tensor<3x3x512x512xf32> {jax.result_info = "result[1][22]"}, tensor<512xf32> {jax.result_info = "result[1][23]"}, tensor<3x3x512x512xf32> {jax.result_info = "result[1][24]"}, tensor<512xf32> {jax.result_info = "result[1][25]"}, tensor<3x3x512x512xf32> {jax.result_info = "result[1][26]"}, tensor<512xf32> {jax.result_info = "result[1][27]"}, tensor<3x3x512x512xf32> {jax.result_info = "result[1][28]"}, tensor<512xf32> {jax.result_info = "result[1][29]"}, tensor<3x3x512x512xf32> {jax.result_info = "result[1][30]"}, tensor<512xf32> {jax.result_info = "result[1][31]"}, tensor<25088x4096xf32> {jax.result_info = "result[1][32]"}, tensor<4096xf32> {jax.result_info = "result[1][33]"}, tensor<4096x4096xf32> {jax.result_info = "result[1][34]"}, tensor<4096xf32> {jax.result_info = "result[1][35]"}, tensor<4096x1000xf32> {jax.result_info = "result[1][36]"}, tensor<1000xf32> {jax.result_info = "result[1][37]"}) {
    %0 = stablehlo.convolution(%arg38, %arg0) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<1x224x224x3xf32>, tensor<3x3x3x64xf32>) -> tensor<1x224x224x64xf32>
    %1 = stablehlo.broadcast_in_dim %arg1, dims = [3] : (tensor<64xf32>) -> tensor<1x1x1x64xf32>
    %2 = stablehlo.broadcast_in_dim %1, dims = [0, 1, 2, 3] : (tensor<1x1x1x64xf32>) -> tensor<1x224x224x64xf32>
    %3 = stablehlo.add %0, %2 : tensor<1x224x224x64xf32>
    %4 = call @relu(%3) : (tensor<1x224x224x64xf32>) -> tensor<1x224x224x64xf32>
    %cst = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %5 = stablehlo.broadcast_in_dim %cst, dims = [] : (tensor<f32>) -> tensor<1x224x224x64xf32>
    %6 = stablehlo.compare GT, %3, %5, FLOAT : (tensor<1x224x224x64xf32>, tensor<1x224x224x64xf32>) -> tensor<1x224x224x64xi1>
    %cst_0 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %7 = stablehlo.broadcast_in_dim %cst_0, dims = [] : (tensor<f32>) -> tensor<1x224x224x64xf32>
    %8 = stablehlo.convolution(%4, %arg2) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<1x224x224x64xf32>, tensor<3x3x64x64xf32>) -> tensor<1x224x224x64xf32>
    %9 = stablehlo.broadcast_in_dim %arg3, dims = [3] : (tensor<64xf32>) -> tensor<1x1x1x64xf32>
    %10 = stablehlo.broadcast_in_dim %9, dims = [0, 1, 2, 3] : (tensor<1x1x1x64xf32>) -> tensor<1x224x224x64xf32>
    %11 = stablehlo.add %8, %10 : tensor<1x224x224x64xf32>
    %12 = call @relu(%11) : (tensor<1x224x224x64xf32>) -> tensor<1x224x224x64xf32>
    %cst_1 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %13 = stablehlo.broadcast_in_dim %cst_1, dims = [] : (tensor<f32>) -> tensor<1x224x224x64xf32>
    %14 = stablehlo.compare GT, %11, %13, FLOAT : (tensor<1x224x224x64xf32>, tensor<1x224x224x64xf32>) -> tensor<1x224x224x64xi1>
    %cst_2 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %15 = stablehlo.broadcast_in_dim %cst_2, dims = [] : (tensor<f32>) -> tensor<1x224x224x64xf32>
    %cst_3 = stablehlo.constant dense<0xFF800000> : tensor<f32>
    %16 = stablehlo.broadcast_in_dim %cst_3, dims = [] : (tensor<f32>) -> tensor<f32>
    %17 = "stablehlo.reduce_window"(%12, %16) <{base_dilations = array<i64: 1, 1, 1, 1>, padding = dense<0> : tensor<4x2xi64>, window_dilations = array<i64: 1, 1, 1, 1>, window_dimensions = array<i64: 1, 2, 2, 1>, window_strides = array<i64: 1, 2, 2, 1>}> ({
    ^bb0(%arg40: tensor<f32>, %arg41: tensor<f32>):
      %325 = stablehlo.maximum %arg40, %arg41 : tensor<f32>
      stablehlo.return %325 : tensor<f32>
    }) : (tensor<1x224x224x64xf32>, tensor<f32>) -> tensor<1x112x112x64xf32>
    %18 = stablehlo.convolution(%17, %arg4) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<1x112x112x64xf32>, tensor<3x3x64x128xf32>) -> tensor<1x112x112x128xf32>
    %19 = stablehlo.broadcast_in_dim %arg5, dims = [3] : (tensor<128xf32>) -> tensor<1x1x1x128xf32>
    %20 = stablehlo.broadcast_in_dim %19, dims = [0, 1, 2, 3] : (tensor<1x1x1x128xf32>) -> tensor<1x112x112x128xf32>
    %21 = stablehlo.add %18, %20 : tensor<1x112x112x128xf32>
    %22 = call @relu_0(%21) : (tensor<1x112x112x128xf32>) -> tensor<1x112x112x128xf32>
    %cst_4 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %23 = stablehlo.broadcast_in_dim %cst_4, dims = [] : (tensor<f32>) -> tensor<1x112x112x128xf32>
    %24 = stablehlo.compare GT, %21, %23, FLOAT : (tensor<1x112x112x128xf32>, tensor<1x112x112x128xf32>) -> tensor<1x112x112x128xi1>
    %cst_5 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %25 = stablehlo.broadcast_in_dim %cst_5, dims = [] : (tensor<f32>) -> tensor<1x112x112x128xf32>
    %26 = stablehlo.convolution(%22, %arg6) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<1x112x112x128xf32>, tensor<3x3x128x128xf32>) -> tensor<1x112x112x128xf32>
    %27 = stablehlo.broadcast_in_dim %arg7, dims = [3] : (tensor<128xf32>) -> tensor<1x1x1x128xf32>
    %28 = stablehlo.broadcast_in_dim %27, dims = [0, 1, 2, 3] : (tensor<1x1x1x128xf32>) -> tensor<1x112x112x128xf32>
    %29 = stablehlo.add %26, %28 : tensor<1x112x112x128xf32>
    %30 = call @relu_0(%29) : (tensor<1x112x112x128xf32>) -> tensor<1x112x112x128xf32>
    %cst_6 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %31 = stablehlo.broadcast_in_dim %cst_6, dims = [] : (tensor<f32>) -> tensor<1x112x112x128xf32>
    %32 = stablehlo.compare GT, %29, %31, FLOAT : (tensor<1x112x112x128xf32>, tensor<1x112x112x128xf32>) -> tensor<1x112x112x128xi1>
    %cst_7 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %33 = stablehlo.broadcast_in_dim %cst_7, dims = [] : (tensor<f32>) -> tensor<1x112x112x128xf32>
    %cst_8 = stablehlo.constant dense<0xFF800000> : tensor<f32>
    %34 = stablehlo.broadcast_in_dim %cst_8, dims = [] : (tensor<f32>) -> tensor<f32>
    %35 = "stablehlo.reduce_window"(%30, %34) <{base_dilations = array<i64: 1, 1, 1, 1>, padding = dense<0> : tensor<4x2xi64>, window_dilations = array<i64: 1, 1, 1, 1>, window_dimensions = array<i64: 1, 2, 2, 1>, window_strides = array<i64: 1, 2, 2, 1>}> ({
    ^bb0(%arg40: tensor<f32>, %arg41: tensor<f32>):
      %325 = stablehlo.maximum %arg40, %arg41 : tensor<f32>
      stablehlo.return %325 : tensor<f32>
    }) : (tensor<1x112x112x128xf32>, tensor<f32>) -> tensor<1x56x56x128xf32>
    %36 = stablehlo.convolution(%35, %arg8) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<1x56x56x128xf32>, tensor<3x3x128x256xf32>) -> tensor<1x56x56x256xf32>
    %37 = stablehlo.broadcast_in_dim %arg9, dims = [3] : (tensor<256xf32>) -> tensor<1x1x1x256xf32>
    %38 = stablehlo.broadcast_in_dim %37, dims = [0, 1, 2, 3] : (tensor<1x1x1x256xf32>) -> tensor<1x56x56x256xf32>
    %39 = stablehlo.add %36, %38 : tensor<1x56x56x256xf32>
    %40 = call @relu_1(%39) : (tensor<1x56x56x256xf32>) -> tensor<1x56x56x256xf32>
    %cst_9 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %41 = stablehlo.broadcast_in_dim %cst_9, dims = [] : (tensor<f32>) -> tensor<1x56x56x256xf32>
    %42 = stablehlo.compare GT, %39, %41, FLOAT : (tensor<1x56x56x256xf32>, tensor<1x56x56x256xf32>) -> tensor<1x56x56x256xi1>
    %cst_10 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %43 = stablehlo.broadcast_in_dim %cst_10, dims = [] : (tensor<f32>) -> tensor<1x56x56x256xf32>
    %44 = stablehlo.convolution(%40, %arg10) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<1x56x56x256xf32>, tensor<3x3x256x256xf32>) -> tensor<1x56x56x256xf32>
    %45 = stablehlo.broadcast_in_dim %arg11, dims = [3] : (tensor<256xf32>) -> tensor<1x1x1x256xf32>
    %46 = stablehlo.broadcast_in_dim %45, dims = [0, 1, 2, 3] : (tensor<1x1x1x256xf32>) -> tensor<1x56x56x256xf32>
    %47 = stablehlo.add %44, %46 : tensor<1x56x56x256xf32>
    %48 = call @relu_1(%47) : (tensor<1x56x56x256xf32>) -> tensor<1x56x56x256xf32>
    %cst_11 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %49 = stablehlo.broadcast_in_dim %cst_11, dims = [] : (tensor<f32>) -> tensor<1x56x56x256xf32>
    %50 = stablehlo.compare GT, %47, %49, FLOAT : (tensor<1x56x56x256xf32>, tensor<1x56x56x256xf32>) -> tensor<1x56x56x256xi1>
    %cst_12 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %51 = stablehlo.broadcast_in_dim %cst_12, dims = [] : (tensor<f32>) -> tensor<1x56x56x256xf32>
    %52 = stablehlo.convolution(%48, %arg12) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<1x56x56x256xf32>, tensor<3x3x256x256xf32>) -> tensor<1x56x56x256xf32>
    %53 = stablehlo.broadcast_in_dim %arg13, dims = [3] : (tensor<256xf32>) -> tensor<1x1x1x256xf32>
    %54 = stablehlo.broadcast_in_dim %53, dims = [0, 1, 2, 3] : (tensor<1x1x1x256xf32>) -> tensor<1x56x56x256xf32>
    %55 = stablehlo.add %52, %54 : tensor<1x56x56x256xf32>
    %56 = call @relu_1(%55) : (tensor<1x56x56x256xf32>) -> tensor<1x56x56x256xf32>
    %cst_13 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %57 = stablehlo.broadcast_in_dim %cst_13, dims = [] : (tensor<f32>) -> tensor<1x56x56x256xf32>
    %58 = stablehlo.compare GT, %55, %57, FLOAT : (tensor<1x56x56x256xf32>, tensor<1x56x56x256xf32>) -> tensor<1x56x56x256xi1>
    %cst_14 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %59 = stablehlo.broadcast_in_dim %cst_14, dims = [] : (tensor<f32>) -> tensor<1x56x56x256xf32>
    %60 = stablehlo.convolution(%56, %arg14) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<1x56x56x256xf32>, tensor<3x3x256x256xf32>) -> tensor<1x56x56x256xf32>
    %61 = stablehlo.broadcast_in_dim %arg15, dims = [3] : (tensor<256xf32>) -> tensor<1x1x1x256xf32>
    %62 = stablehlo.broadcast_in_dim %61, dims = [0, 1, 2, 3] : (tensor<1x1x1x256xf32>) -> tensor<1x56x56x256xf32>
    %63 = stablehlo.add %60, %62 : tensor<1x56x56x256xf32>
    %64 = call @relu_1(%63) : (tensor<1x56x56x256xf32>) -> tensor<1x56x56x256xf32>
    %cst_15 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %65 = stablehlo.broadcast_in_dim %cst_15, dims = [] : (tensor<f32>) -> tensor<1x56x56x256xf32>
    %66 = stablehlo.compare GT, %63, %65, FLOAT : (tensor<1x56x56x256xf32>, tensor<1x56x56x256xf32>) -> tensor<1x56x56x256xi1>
    %cst_16 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %67 = stablehlo.broadcast_in_dim %cst_16, dims = [] : (tensor<f32>) -> tensor<1x56x56x256xf32>
    %cst_17 = stablehlo.constant dense<0xFF800000> : tensor<f32>
    %68 = stablehlo.broadcast_in_dim %cst_17, dims = [] : (tensor<f32>) -> tensor<f32>
    %69 = "stablehlo.reduce_window"(%64, %68) <{base_dilations = array<i64: 1, 1, 1, 1>, padding = dense<0> : tensor<4x2xi64>, window_dilations = array<i64: 1, 1, 1, 1>, window_dimensions = array<i64: 1, 2, 2, 1>, window_strides = array<i64: 1, 2, 2, 1>}> ({
    ^bb0(%arg40: tensor<f32>, %arg41: tensor<f32>):
      %325 = stablehlo.maximum %arg40, %arg41 : tensor<f32>
      stablehlo.return %325 : tensor<f32>
    }) : (tensor<1x56x56x256xf32>, tensor<f32>) -> tensor<1x28x28x256xf32>
    %70 = stablehlo.convolution(%69, %arg16) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<1x28x28x256xf32>, tensor<3x3x256x512xf32>) -> tensor<1x28x28x512xf32>
    %71 = stablehlo.broadcast_in_dim %arg17, dims = [3] : (tensor<512xf32>) -> tensor<1x1x1x512xf32>
    %72 = stablehlo.broadcast_in_dim %71, dims = [0, 1, 2, 3] : (tensor<1x1x1x512xf32>) -> tensor<1x28x28x512xf32>
    %73 = stablehlo.add %70, %72 : tensor<1x28x28x512xf32>
    %74 = call @relu_2(%73) : (tensor<1x28x28x512xf32>) -> tensor<1x28x28x512xf32>
    %cst_18 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %75 = stablehlo.broadcast_in_dim %cst_18, dims = [] : (tensor<f32>) -> tensor<1x28x28x512xf32>
    %76 = stablehlo.compare GT, %73, %75, FLOAT : (tensor<1x28x28x512xf32>, tensor<1x28x28x512xf32>) -> tensor<1x28x28x512xi1>
    %cst_19 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %77 = stablehlo.broadcast_in_dim %cst_19, dims = [] : (tensor<f32>) -> tensor<1x28x28x512xf32>
    %78 = stablehlo.convolution(%74, %arg18) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<1x28x28x512xf32>, tensor<3x3x512x512xf32>) -> tensor<1x28x28x512xf32>
    %79 = stablehlo.broadcast_in_dim %arg19, dims = [3] : (tensor<512xf32>) -> tensor<1x1x1x512xf32>
    %80 = stablehlo.broadcast_in_dim %79, dims = [0, 1, 2, 3] : (tensor<1x1x1x512xf32>) -> tensor<1x28x28x512xf32>
    %81 = stablehlo.add %78, %80 : tensor<1x28x28x512xf32>
    %82 = call @relu_2(%81) : (tensor<1x28x28x512xf32>) -> tensor<1x28x28x512xf32>
    %cst_20 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %83 = stablehlo.broadcast_in_dim %cst_20, dims = [] : (tensor<f32>) -> tensor<1x28x28x512xf32>
    %84 = stablehlo.compare GT, %81, %83, FLOAT : (tensor<1x28x28x512xf32>, tensor<1x28x28x512xf32>) -> tensor<1x28x28x512xi1>
    %cst_21 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %85 = stablehlo.broadcast_in_dim %cst_21, dims = [] : (tensor<f32>) -> tensor<1x28x28x512xf32>
    %86 = stablehlo.convolution(%82, %arg20) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<1x28x28x512xf32>, tensor<3x3x512x512xf32>) -> tensor<1x28x28x512xf32>
    %87 = stablehlo.broadcast_in_dim %arg21, dims = [3] : (tensor<512xf32>) -> tensor<1x1x1x512xf32>
    %88 = stablehlo.broadcast_in_dim %87, dims = [0, 1, 2, 3] : (tensor<1x1x1x512xf32>) -> tensor<1x28x28x512xf32>
    %89 = stablehlo.add %86, %88 : tensor<1x28x28x512xf32>
    %90 = call @relu_2(%89) : (tensor<1x28x28x512xf32>) -> tensor<1x28x28x512xf32>
    %cst_22 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %91 = stablehlo.broadcast_in_dim %cst_22, dims = [] : (tensor<f32>) -> tensor<1x28x28x512xf32>
    %92 = stablehlo.compare GT, %89, %91, FLOAT : (tensor<1x28x28x512xf32>, tensor<1x28x28x512xf32>) -> tensor<1x28x28x512xi1>
    %cst_23 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %93 = stablehlo.broadcast_in_dim %cst_23, dims = [] : (tensor<f32>) -> tensor<1x28x28x512xf32>
    %94 = stablehlo.convolution(%90, %arg22) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<1x28x28x512xf32>, tensor<3x3x512x512xf32>) -> tensor<1x28x28x512xf32>
    %95 = stablehlo.broadcast_in_dim %arg23, dims = [3] : (tensor<512xf32>) -> tensor<1x1x1x512xf32>
    %96 = stablehlo.broadcast_in_dim %95, dims = [0, 1, 2, 3] : (tensor<1x1x1x512xf32>) -> tensor<1x28x28x512xf32>
    %97 = stablehlo.add %94, %96 : tensor<1x28x28x512xf32>
    %98 = call @relu_2(%97) : (tensor<1x28x28x512xf32>) -> tensor<1x28x28x512xf32>
    %cst_24 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %99 = stablehlo.broadcast_in_dim %cst_24, dims = [] : (tensor<f32>) -> tensor<1x28x28x512xf32>
    %100 = stablehlo.compare GT, %97, %99, FLOAT : (tensor<1x28x28x512xf32>, tensor<1x28x28x512xf32>) -> tensor<1x28x28x512xi1>
    %cst_25 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %101 = stablehlo.broadcast_in_dim %cst_25, dims = [] : (tensor<f32>) -> tensor<1x28x28x512xf32>
    %cst_26 = stablehlo.constant dense<0xFF800000> : tensor<f32>
    %102 = stablehlo.broadcast_in_dim %cst_26, dims = [] : (tensor<f32>) -> tensor<f32>
    %103 = "stablehlo.reduce_window"(%98, %102) <{base_dilations = array<i64: 1, 1, 1, 1>, padding = dense<0> : tensor<4x2xi64>, window_dilations = array<i64: 1, 1, 1, 1>, window_dimensions = array<i64: 1, 2, 2, 1>, window_strides = array<i64: 1, 2, 2, 1>}> ({
    ^bb0(%arg40: tensor<f32>, %arg41: tensor<f32>):
      %325 = stablehlo.maximum %arg40, %arg41 : tensor<f32>
      stablehlo.return %325 : tensor<f32>
    }) : (tensor<1x28x28x512xf32>, tensor<f32>) -> tensor<1x14x14x512xf32>
    %104 = stablehlo.convolution(%103, %arg24) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<1x14x14x512xf32>, tensor<3x3x512x512xf32>) -> tensor<1x14x14x512xf32>
    %105 = stablehlo.broadcast_in_dim %arg25, dims = [3] : (tensor<512xf32>) -> tensor<1x1x1x512xf32>
    %106 = stablehlo.broadcast_in_dim %105, dims = [0, 1, 2, 3] : (tensor<1x1x1x512xf32>) -> tensor<1x14x14x512xf32>
    %107 = stablehlo.add %104, %106 : tensor<1x14x14x512xf32>
    %108 = call @relu_3(%107) : (tensor<1x14x14x512xf32>) -> tensor<1x14x14x512xf32>
    %cst_27 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %109 = stablehlo.broadcast_in_dim %cst_27, dims = [] : (tensor<f32>) -> tensor<1x14x14x512xf32>
    %110 = stablehlo.compare GT, %107, %109, FLOAT : (tensor<1x14x14x512xf32>, tensor<1x14x14x512xf32>) -> tensor<1x14x14x512xi1>
    %cst_28 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %111 = stablehlo.broadcast_in_dim %cst_28, dims = [] : (tensor<f32>) -> tensor<1x14x14x512xf32>
    %112 = stablehlo.convolution(%108, %arg26) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<1x14x14x512xf32>, tensor<3x3x512x512xf32>) -> tensor<1x14x14x512xf32>
    %113 = stablehlo.broadcast_in_dim %arg27, dims = [3] : (tensor<512xf32>) -> tensor<1x1x1x512xf32>
    %114 = stablehlo.broadcast_in_dim %113, dims = [0, 1, 2, 3] : (tensor<1x1x1x512xf32>) -> tensor<1x14x14x512xf32>
    %115 = stablehlo.add %112, %114 : tensor<1x14x14x512xf32>
    %116 = call @relu_3(%115) : (tensor<1x14x14x512xf32>) -> tensor<1x14x14x512xf32>
    %cst_29 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %117 = stablehlo.broadcast_in_dim %cst_29, dims = [] : (tensor<f32>) -> tensor<1x14x14x512xf32>
    %118 = stablehlo.compare GT, %115, %117, FLOAT : (tensor<1x14x14x512xf32>, tensor<1x14x14x512xf32>) -> tensor<1x14x14x512xi1>
    %cst_30 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %119 = stablehlo.broadcast_in_dim %cst_30, dims = [] : (tensor<f32>) -> tensor<1x14x14x512xf32>
    %120 = stablehlo.convolution(%116, %arg28) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<1x14x14x512xf32>, tensor<3x3x512x512xf32>) -> tensor<1x14x14x512xf32>
    %121 = stablehlo.broadcast_in_dim %arg29, dims = [3] : (tensor<512xf32>) -> tensor<1x1x1x512xf32>
    %122 = stablehlo.broadcast_in_dim %121, dims = [0, 1, 2, 3] : (tensor<1x1x1x512xf32>) -> tensor<1x14x14x512xf32>
    %123 = stablehlo.add %120, %122 : tensor<1x14x14x512xf32>
    %124 = call @relu_3(%123) : (tensor<1x14x14x512xf32>) -> tensor<1x14x14x512xf32>
    %cst_31 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %125 = stablehlo.broadcast_in_dim %cst_31, dims = [] : (tensor<f32>) -> tensor<1x14x14x512xf32>
    %126 = stablehlo.compare GT, %123, %125, FLOAT : (tensor<1x14x14x512xf32>, tensor<1x14x14x512xf32>) -> tensor<1x14x14x512xi1>
    %cst_32 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %127 = stablehlo.broadcast_in_dim %cst_32, dims = [] : (tensor<f32>) -> tensor<1x14x14x512xf32>
    %128 = stablehlo.convolution(%124, %arg30) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<1x14x14x512xf32>, tensor<3x3x512x512xf32>) -> tensor<1x14x14x512xf32>
    %129 = stablehlo.broadcast_in_dim %arg31, dims = [3] : (tensor<512xf32>) -> tensor<1x1x1x512xf32>
    %130 = stablehlo.broadcast_in_dim %129, dims = [0, 1, 2, 3] : (tensor<1x1x1x512xf32>) -> tensor<1x14x14x512xf32>
    %131 = stablehlo.add %128, %130 : tensor<1x14x14x512xf32>
    %132 = call @relu_3(%131) : (tensor<1x14x14x512xf32>) -> tensor<1x14x14x512xf32>
    %cst_33 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %133 = stablehlo.broadcast_in_dim %cst_33, dims = [] : (tensor<f32>) -> tensor<1x14x14x512xf32>
    %134 = stablehlo.compare GT, %131, %133, FLOAT : (tensor<1x14x14x512xf32>, tensor<1x14x14x512xf32>) -> tensor<1x14x14x512xi1>
    %cst_34 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %135 = stablehlo.broadcast_in_dim %cst_34, dims = [] : (tensor<f32>) -> tensor<1x14x14x512xf32>
    %cst_35 = stablehlo.constant dense<0xFF800000> : tensor<f32>
    %136 = stablehlo.broadcast_in_dim %cst_35, dims = [] : (tensor<f32>) -> tensor<f32>
    %137 = "stablehlo.reduce_window"(%132, %136) <{base_dilations = array<i64: 1, 1, 1, 1>, padding = dense<0> : tensor<4x2xi64>, window_dilations = array<i64: 1, 1, 1, 1>, window_dimensions = array<i64: 1, 2, 2, 1>, window_strides = array<i64: 1, 2, 2, 1>}> ({
    ^bb0(%arg40: tensor<f32>, %arg41: tensor<f32>):
      %325 = stablehlo.maximum %arg40, %arg41 : tensor<f32>
      stablehlo.return %325 : tensor<f32>
    }) : (tensor<1x14x14x512xf32>, tensor<f32>) -> tensor<1x7x7x512xf32>
    %138 = stablehlo.reshape %137 : (tensor<1x7x7x512xf32>) -> tensor<1x25088xf32>
    %139 = stablehlo.dot_general %138, %arg32, contracting_dims = [1] x [0], precision = [DEFAULT, DEFAULT] : (tensor<1x25088xf32>, tensor<25088x4096xf32>) -> tensor<1x4096xf32>
    %140 = stablehlo.broadcast_in_dim %arg33, dims = [1] : (tensor<4096xf32>) -> tensor<1x4096xf32>
    %141 = stablehlo.add %139, %140 : tensor<1x4096xf32>
    %142 = call @relu_4(%141) : (tensor<1x4096xf32>) -> tensor<1x4096xf32>
    %cst_36 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %143 = stablehlo.broadcast_in_dim %cst_36, dims = [] : (tensor<f32>) -> tensor<1x4096xf32>
    %144 = stablehlo.compare GT, %141, %143, FLOAT : (tensor<1x4096xf32>, tensor<1x4096xf32>) -> tensor<1x4096xi1>
    %cst_37 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %145 = stablehlo.broadcast_in_dim %cst_37, dims = [] : (tensor<f32>) -> tensor<1x4096xf32>
    %146 = stablehlo.dot_general %142, %arg34, contracting_dims = [1] x [0], precision = [DEFAULT, DEFAULT] : (tensor<1x4096xf32>, tensor<4096x4096xf32>) -> tensor<1x4096xf32>
    %147 = stablehlo.broadcast_in_dim %arg35, dims = [1] : (tensor<4096xf32>) -> tensor<1x4096xf32>
    %148 = stablehlo.add %146, %147 : tensor<1x4096xf32>
    %149 = call @relu_4(%148) : (tensor<1x4096xf32>) -> tensor<1x4096xf32>
    %cst_38 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %150 = stablehlo.broadcast_in_dim %cst_38, dims = [] : (tensor<f32>) -> tensor<1x4096xf32>
    %151 = stablehlo.compare GT, %148, %150, FLOAT : (tensor<1x4096xf32>, tensor<1x4096xf32>) -> tensor<1x4096xi1>
    %cst_39 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %152 = stablehlo.broadcast_in_dim %cst_39, dims = [] : (tensor<f32>) -> tensor<1x4096xf32>
    %153 = stablehlo.dot_general %149, %arg36, contracting_dims = [1] x [0], precision = [DEFAULT, DEFAULT] : (tensor<1x4096xf32>, tensor<4096x1000xf32>) -> tensor<1x1000xf32>
    %154 = stablehlo.broadcast_in_dim %arg37, dims = [1] : (tensor<1000xf32>) -> tensor<1x1000xf32>
    %155 = stablehlo.add %153, %154 : tensor<1x1000xf32>
    %156:3 = call @log_softmax(%155) : (tensor<1x1000xf32>) -> (tensor<1x1000xf32>, tensor<1x1000xf32>, tensor<1x1xf32>)
    %157 = stablehlo.broadcast_in_dim %arg39, dims = [0] : (tensor<1xui64>) -> tensor<1x1xui64>
    %158:2 = call @take_along_axis(%156#0, %157) : (tensor<1x1000xf32>, tensor<1x1xui64>) -> (tensor<1x1xf32>, tensor<1x1xi32>)
    %cst_40 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %159 = stablehlo.reduce(%158#0 init: %cst_40) applies stablehlo.add across dimensions = [0, 1] : (tensor<1x1xf32>, tensor<f32>) -> tensor<f32>
    %cst_41 = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %160 = stablehlo.divide %159, %cst_41 : tensor<f32>
    %161 = stablehlo.negate %160 : tensor<f32>
    %cst_42 = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %162 = stablehlo.negate %cst_42 : tensor<f32>
    %cst_43 = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %163 = stablehlo.divide %162, %cst_43 : tensor<f32>
    %164 = stablehlo.broadcast_in_dim %163, dims = [] : (tensor<f32>) -> tensor<1x1xf32>
    %165 = call @take_along_axis_5(%158#1, %164) : (tensor<1x1xi32>, tensor<1x1xf32>) -> tensor<1x1000xf32>
    %166 = call @log_softmax_6(%156#1, %156#2, %165) : (tensor<1x1000xf32>, tensor<1x1xf32>, tensor<1x1000xf32>) -> tensor<1x1000xf32>
    %cst_44 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %167 = stablehlo.reduce(%166 init: %cst_44) applies stablehlo.add across dimensions = [0] : (tensor<1x1000xf32>, tensor<f32>) -> tensor<1000xf32>
    %168 = stablehlo.dot_general %166, %149, contracting_dims = [0] x [0], precision = [DEFAULT, DEFAULT] : (tensor<1x1000xf32>, tensor<1x4096xf32>) -> tensor<1000x4096xf32>
    %169 = stablehlo.transpose %168, dims = [1, 0] : (tensor<1000x4096xf32>) -> tensor<4096x1000xf32>
    %170 = stablehlo.dot_general %166, %arg36, contracting_dims = [1] x [1], precision = [DEFAULT, DEFAULT] : (tensor<1x1000xf32>, tensor<4096x1000xf32>) -> tensor<1x4096xf32>
    %cst_45 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %171 = stablehlo.broadcast_in_dim %cst_45, dims = [] : (tensor<f32>) -> tensor<1x4096xf32>
    %172 = stablehlo.select %151, %170, %171 : tensor<1x4096xi1>, tensor<1x4096xf32>
    %cst_46 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %173 = stablehlo.reduce(%172 init: %cst_46) applies stablehlo.add across dimensions = [0] : (tensor<1x4096xf32>, tensor<f32>) -> tensor<4096xf32>
    %174 = stablehlo.dot_general %172, %142, contracting_dims = [0] x [0], precision = [DEFAULT, DEFAULT] : (tensor<1x4096xf32>, tensor<1x4096xf32>) -> tensor<4096x4096xf32>
    %175 = stablehlo.transpose %174, dims = [1, 0] : (tensor<4096x4096xf32>) -> tensor<4096x4096xf32>
    %176 = stablehlo.dot_general %172, %arg34, contracting_dims = [1] x [1], precision = [DEFAULT, DEFAULT] : (tensor<1x4096xf32>, tensor<4096x4096xf32>) -> tensor<1x4096xf32>
    %cst_47 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %177 = stablehlo.broadcast_in_dim %cst_47, dims = [] : (tensor<f32>) -> tensor<1x4096xf32>
    %178 = stablehlo.select %144, %176, %177 : tensor<1x4096xi1>, tensor<1x4096xf32>
    %cst_48 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %179 = stablehlo.reduce(%178 init: %cst_48) applies stablehlo.add across dimensions = [0] : (tensor<1x4096xf32>, tensor<f32>) -> tensor<4096xf32>
    %180 = stablehlo.dot_general %178, %138, contracting_dims = [0] x [0], precision = [DEFAULT, DEFAULT] : (tensor<1x4096xf32>, tensor<1x25088xf32>) -> tensor<4096x25088xf32>
    %181 = stablehlo.transpose %180, dims = [1, 0] : (tensor<4096x25088xf32>) -> tensor<25088x4096xf32>
    %182 = stablehlo.dot_general %178, %arg32, contracting_dims = [1] x [1], precision = [DEFAULT, DEFAULT] : (tensor<1x4096xf32>, tensor<25088x4096xf32>) -> tensor<1x25088xf32>
    %183 = stablehlo.reshape %182 : (tensor<1x25088xf32>) -> tensor<1x7x7x512xf32>
    %cst_49 = stablehlo.constant dense<0xFF800000> : tensor<f32>
    %184 = stablehlo.pad %132, %cst_49, low = [0, 0, 0, 0], high = [0, 0, 0, 0], interior = [0, 0, 0, 0] : (tensor<1x14x14x512xf32>, tensor<f32>) -> tensor<1x14x14x512xf32>
    %cst_50 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %185 = "stablehlo.select_and_scatter"(%184, %183, %cst_50) <{padding = dense<0> : tensor<4x2xi64>, window_dimensions = array<i64: 1, 2, 2, 1>, window_strides = array<i64: 1, 2, 2, 1>}> ({
    ^bb0(%arg40: tensor<f32>, %arg41: tensor<f32>):
      %325 = stablehlo.compare GE, %arg40, %arg41, FLOAT : (tensor<f32>, tensor<f32>) -> tensor<i1>
      stablehlo.return %325 : tensor<i1>
    }, {
    ^bb0(%arg40: tensor<f32>, %arg41: tensor<f32>):
      %325 = stablehlo.add %arg40, %arg41 : tensor<f32>
      stablehlo.return %325 : tensor<f32>
    }) : (tensor<1x14x14x512xf32>, tensor<1x7x7x512xf32>, tensor<f32>) -> tensor<1x14x14x512xf32>
    %186 = stablehlo.slice %185 [0:1, 0:14, 0:14, 0:512] : (tensor<1x14x14x512xf32>) -> tensor<1x14x14x512xf32>
    %cst_51 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %187 = stablehlo.broadcast_in_dim %cst_51, dims = [] : (tensor<f32>) -> tensor<1x14x14x512xf32>
    %188 = stablehlo.select %134, %186, %187 : tensor<1x14x14x512xi1>, tensor<1x14x14x512xf32>
    %cst_52 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %189 = stablehlo.reduce(%188 init: %cst_52) applies stablehlo.add across dimensions = [1, 2] : (tensor<1x14x14x512xf32>, tensor<f32>) -> tensor<1x512xf32>
    %190 = stablehlo.reshape %189 : (tensor<1x512xf32>) -> tensor<1x1x1x512xf32>
    %cst_53 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %191 = stablehlo.reduce(%190 init: %cst_53) applies stablehlo.add across dimensions = [0, 1, 2] : (tensor<1x1x1x512xf32>, tensor<f32>) -> tensor<512xf32>
    %192 = stablehlo.convolution(%124, %188) dim_numbers = [f, 0, 1, b]x[i, 0, 1, o]->[0, 1, b, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<1x14x14x512xf32>, tensor<1x14x14x512xf32>) -> tensor<3x3x512x512xf32>
    %193 = stablehlo.reverse %arg30, dims = [0, 1] : tensor<3x3x512x512xf32>
    %194 = stablehlo.convolution(%188, %193) dim_numbers = [b, 0, 1, f]x[0, 1, o, i]->[b, 0, 1, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<1x14x14x512xf32>, tensor<3x3x512x512xf32>) -> tensor<1x14x14x512xf32>
    %cst_54 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %195 = stablehlo.broadcast_in_dim %cst_54, dims = [] : (tensor<f32>) -> tensor<1x14x14x512xf32>
    %196 = stablehlo.select %126, %194, %195 : tensor<1x14x14x512xi1>, tensor<1x14x14x512xf32>
    %cst_55 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %197 = stablehlo.reduce(%196 init: %cst_55) applies stablehlo.add across dimensions = [1, 2] : (tensor<1x14x14x512xf32>, tensor<f32>) -> tensor<1x512xf32>
    %198 = stablehlo.reshape %197 : (tensor<1x512xf32>) -> tensor<1x1x1x512xf32>
    %cst_56 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %199 = stablehlo.reduce(%198 init: %cst_56) applies stablehlo.add across dimensions = [0, 1, 2] : (tensor<1x1x1x512xf32>, tensor<f32>) -> tensor<512xf32>
    %200 = stablehlo.convolution(%116, %196) dim_numbers = [f, 0, 1, b]x[i, 0, 1, o]->[0, 1, b, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<1x14x14x512xf32>, tensor<1x14x14x512xf32>) -> tensor<3x3x512x512xf32>
    %201 = stablehlo.reverse %arg28, dims = [0, 1] : tensor<3x3x512x512xf32>
    %202 = stablehlo.convolution(%196, %201) dim_numbers = [b, 0, 1, f]x[0, 1, o, i]->[b, 0, 1, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<1x14x14x512xf32>, tensor<3x3x512x512xf32>) -> tensor<1x14x14x512xf32>
    %cst_57 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %203 = stablehlo.broadcast_in_dim %cst_57, dims = [] : (tensor<f32>) -> tensor<1x14x14x512xf32>
    %204 = stablehlo.select %118, %202, %203 : tensor<1x14x14x512xi1>, tensor<1x14x14x512xf32>
    %cst_58 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %205 = stablehlo.reduce(%204 init: %cst_58) applies stablehlo.add across dimensions = [1, 2] : (tensor<1x14x14x512xf32>, tensor<f32>) -> tensor<1x512xf32>
    %206 = stablehlo.reshape %205 : (tensor<1x512xf32>) -> tensor<1x1x1x512xf32>
    %cst_59 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %207 = stablehlo.reduce(%206 init: %cst_59) applies stablehlo.add across dimensions = [0, 1, 2] : (tensor<1x1x1x512xf32>, tensor<f32>) -> tensor<512xf32>
    %208 = stablehlo.convolution(%108, %204) dim_numbers = [f, 0, 1, b]x[i, 0, 1, o]->[0, 1, b, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<1x14x14x512xf32>, tensor<1x14x14x512xf32>) -> tensor<3x3x512x512xf32>
    %209 = stablehlo.reverse %arg26, dims = [0, 1] : tensor<3x3x512x512xf32>
    %210 = stablehlo.convolution(%204, %209) dim_numbers = [b, 0, 1, f]x[0, 1, o, i]->[b, 0, 1, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<1x14x14x512xf32>, tensor<3x3x512x512xf32>) -> tensor<1x14x14x512xf32>
    %cst_60 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %211 = stablehlo.broadcast_in_dim %cst_60, dims = [] : (tensor<f32>) -> tensor<1x14x14x512xf32>
    %212 = stablehlo.select %110, %210, %211 : tensor<1x14x14x512xi1>, tensor<1x14x14x512xf32>
    %cst_61 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %213 = stablehlo.reduce(%212 init: %cst_61) applies stablehlo.add across dimensions = [1, 2] : (tensor<1x14x14x512xf32>, tensor<f32>) -> tensor<1x512xf32>
    %214 = stablehlo.reshape %213 : (tensor<1x512xf32>) -> tensor<1x1x1x512xf32>
    %cst_62 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %215 = stablehlo.reduce(%214 init: %cst_62) applies stablehlo.add across dimensions = [0, 1, 2] : (tensor<1x1x1x512xf32>, tensor<f32>) -> tensor<512xf32>
    %216 = stablehlo.convolution(%103, %212) dim_numbers = [f, 0, 1, b]x[i, 0, 1, o]->[0, 1, b, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<1x14x14x512xf32>, tensor<1x14x14x512xf32>) -> tensor<3x3x512x512xf32>
    %217 = stablehlo.reverse %arg24, dims = [0, 1] : tensor<3x3x512x512xf32>
    %218 = stablehlo.convolution(%212, %217) dim_numbers = [b, 0, 1, f]x[0, 1, o, i]->[b, 0, 1, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<1x14x14x512xf32>, tensor<3x3x512x512xf32>) -> tensor<1x14x14x512xf32>
    %cst_63 = stablehlo.constant dense<0xFF800000> : tensor<f32>
    %219 = stablehlo.pad %98, %cst_63, low = [0, 0, 0, 0], high = [0, 0, 0, 0], interior = [0, 0, 0, 0] : (tensor<1x28x28x512xf32>, tensor<f32>) -> tensor<1x28x28x512xf32>
    %cst_64 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %220 = "stablehlo.select_and_scatter"(%219, %218, %cst_64) <{padding = dense<0> : tensor<4x2xi64>, window_dimensions = array<i64: 1, 2, 2, 1>, window_strides = array<i64: 1, 2, 2, 1>}> ({
    ^bb0(%arg40: tensor<f32>, %arg41: tensor<f32>):
      %325 = stablehlo.compare GE, %arg40, %arg41, FLOAT : (tensor<f32>, tensor<f32>) -> tensor<i1>
      stablehlo.return %325 : tensor<i1>
    }, {
    ^bb0(%arg40: tensor<f32>, %arg41: tensor<f32>):
      %325 = stablehlo.add %arg40, %arg41 : tensor<f32>
      stablehlo.return %325 : tensor<f32>
    }) : (tensor<1x28x28x512xf32>, tensor<1x14x14x512xf32>, tensor<f32>) -> tensor<1x28x28x512xf32>
    %221 = stablehlo.slice %220 [0:1, 0:28, 0:28, 0:512] : (tensor<1x28x28x512xf32>) -> tensor<1x28x28x512xf32>
    %cst_65 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %222 = stablehlo.broadcast_in_dim %cst_65, dims = [] : (tensor<f32>) -> tensor<1x28x28x512xf32>
    %223 = stablehlo.select %100, %221, %222 : tensor<1x28x28x512xi1>, tensor<1x28x28x512xf32>
    %cst_66 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %224 = stablehlo.reduce(%223 init: %cst_66) applies stablehlo.add across dimensions = [1, 2] : (tensor<1x28x28x512xf32>, tensor<f32>) -> tensor<1x512xf32>
    %225 = stablehlo.reshape %224 : (tensor<1x512xf32>) -> tensor<1x1x1x512xf32>
    %cst_67 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %226 = stablehlo.reduce(%225 init: %cst_67) applies stablehlo.add across dimensions = [0, 1, 2] : (tensor<1x1x1x512xf32>, tensor<f32>) -> tensor<512xf32>
    %227 = stablehlo.convolution(%90, %223) dim_numbers = [f, 0, 1, b]x[i, 0, 1, o]->[0, 1, b, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<1x28x28x512xf32>, tensor<1x28x28x512xf32>) -> tensor<3x3x512x512xf32>
    %228 = stablehlo.reverse %arg22, dims = [0, 1] : tensor<3x3x512x512xf32>
    %229 = stablehlo.convolution(%223, %228) dim_numbers = [b, 0, 1, f]x[0, 1, o, i]->[b, 0, 1, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<1x28x28x512xf32>, tensor<3x3x512x512xf32>) -> tensor<1x28x28x512xf32>
    %cst_68 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %230 = stablehlo.broadcast_in_dim %cst_68, dims = [] : (tensor<f32>) -> tensor<1x28x28x512xf32>
    %231 = stablehlo.select %92, %229, %230 : tensor<1x28x28x512xi1>, tensor<1x28x28x512xf32>
    %cst_69 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %232 = stablehlo.reduce(%231 init: %cst_69) applies stablehlo.add across dimensions = [1, 2] : (tensor<1x28x28x512xf32>, tensor<f32>) -> tensor<1x512xf32>
    %233 = stablehlo.reshape %232 : (tensor<1x512xf32>) -> tensor<1x1x1x512xf32>
    %cst_70 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %234 = stablehlo.reduce(%233 init: %cst_70) applies stablehlo.add across dimensions = [0, 1, 2] : (tensor<1x1x1x512xf32>, tensor<f32>) -> tensor<512xf32>
    %235 = stablehlo.convolution(%82, %231) dim_numbers = [f, 0, 1, b]x[i, 0, 1, o]->[0, 1, b, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<1x28x28x512xf32>, tensor<1x28x28x512xf32>) -> tensor<3x3x512x512xf32>
    %236 = stablehlo.reverse %arg20, dims = [0, 1] : tensor<3x3x512x512xf32>
    %237 = stablehlo.convolution(%231, %236) dim_numbers = [b, 0, 1, f]x[0, 1, o, i]->[b, 0, 1, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<1x28x28x512xf32>, tensor<3x3x512x512xf32>) -> tensor<1x28x28x512xf32>
    %cst_71 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %238 = stablehlo.broadcast_in_dim %cst_71, dims = [] : (tensor<f32>) -> tensor<1x28x28x512xf32>
    %239 = stablehlo.select %84, %237, %238 : tensor<1x28x28x512xi1>, tensor<1x28x28x512xf32>
    %cst_72 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %240 = stablehlo.reduce(%239 init: %cst_72) applies stablehlo.add across dimensions = [1, 2] : (tensor<1x28x28x512xf32>, tensor<f32>) -> tensor<1x512xf32>
    %241 = stablehlo.reshape %240 : (tensor<1x512xf32>) -> tensor<1x1x1x512xf32>
    %cst_73 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %242 = stablehlo.reduce(%241 init: %cst_73) applies stablehlo.add across dimensions = [0, 1, 2] : (tensor<1x1x1x512xf32>, tensor<f32>) -> tensor<512xf32>
    %243 = stablehlo.convolution(%74, %239) dim_numbers = [f, 0, 1, b]x[i, 0, 1, o]->[0, 1, b, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<1x28x28x512xf32>, tensor<1x28x28x512xf32>) -> tensor<3x3x512x512xf32>
    %244 = stablehlo.reverse %arg18, dims = [0, 1] : tensor<3x3x512x512xf32>
    %245 = stablehlo.convolution(%239, %244) dim_numbers = [b, 0, 1, f]x[0, 1, o, i]->[b, 0, 1, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<1x28x28x512xf32>, tensor<3x3x512x512xf32>) -> tensor<1x28x28x512xf32>
    %cst_74 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %246 = stablehlo.broadcast_in_dim %cst_74, dims = [] : (tensor<f32>) -> tensor<1x28x28x512xf32>
    %247 = stablehlo.select %76, %245, %246 : tensor<1x28x28x512xi1>, tensor<1x28x28x512xf32>
    %cst_75 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %248 = stablehlo.reduce(%247 init: %cst_75) applies stablehlo.add across dimensions = [1, 2] : (tensor<1x28x28x512xf32>, tensor<f32>) -> tensor<1x512xf32>
    %249 = stablehlo.reshape %248 : (tensor<1x512xf32>) -> tensor<1x1x1x512xf32>
    %cst_76 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %250 = stablehlo.reduce(%249 init: %cst_76) applies stablehlo.add across dimensions = [0, 1, 2] : (tensor<1x1x1x512xf32>, tensor<f32>) -> tensor<512xf32>
    %251 = stablehlo.convolution(%69, %247) dim_numbers = [f, 0, 1, b]x[i, 0, 1, o]->[0, 1, b, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<1x28x28x256xf32>, tensor<1x28x28x512xf32>) -> tensor<3x3x256x512xf32>
    %252 = stablehlo.reverse %arg16, dims = [0, 1] : tensor<3x3x256x512xf32>
    %253 = stablehlo.convolution(%247, %252) dim_numbers = [b, 0, 1, f]x[0, 1, o, i]->[b, 0, 1, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<1x28x28x512xf32>, tensor<3x3x256x512xf32>) -> tensor<1x28x28x256xf32>
    %cst_77 = stablehlo.constant dense<0xFF800000> : tensor<f32>
    %254 = stablehlo.pad %64, %cst_77, low = [0, 0, 0, 0], high = [0, 0, 0, 0], interior = [0, 0, 0, 0] : (tensor<1x56x56x256xf32>, tensor<f32>) -> tensor<1x56x56x256xf32>
    %cst_78 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %255 = "stablehlo.select_and_scatter"(%254, %253, %cst_78) <{padding = dense<0> : tensor<4x2xi64>, window_dimensions = array<i64: 1, 2, 2, 1>, window_strides = array<i64: 1, 2, 2, 1>}> ({
    ^bb0(%arg40: tensor<f32>, %arg41: tensor<f32>):
      %325 = stablehlo.compare GE, %arg40, %arg41, FLOAT : (tensor<f32>, tensor<f32>) -> tensor<i1>
      stablehlo.return %325 : tensor<i1>
    }, {
    ^bb0(%arg40: tensor<f32>, %arg41: tensor<f32>):
      %325 = stablehlo.add %arg40, %arg41 : tensor<f32>
      stablehlo.return %325 : tensor<f32>
    }) : (tensor<1x56x56x256xf32>, tensor<1x28x28x256xf32>, tensor<f32>) -> tensor<1x56x56x256xf32>
    %256 = stablehlo.slice %255 [0:1, 0:56, 0:56, 0:256] : (tensor<1x56x56x256xf32>) -> tensor<1x56x56x256xf32>
    %cst_79 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %257 = stablehlo.broadcast_in_dim %cst_79, dims = [] : (tensor<f32>) -> tensor<1x56x56x256xf32>
    %258 = stablehlo.select %66, %256, %257 : tensor<1x56x56x256xi1>, tensor<1x56x56x256xf32>
    %cst_80 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %259 = stablehlo.reduce(%258 init: %cst_80) applies stablehlo.add across dimensions = [1, 2] : (tensor<1x56x56x256xf32>, tensor<f32>) -> tensor<1x256xf32>
    %260 = stablehlo.reshape %259 : (tensor<1x256xf32>) -> tensor<1x1x1x256xf32>
    %cst_81 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %261 = stablehlo.reduce(%260 init: %cst_81) applies stablehlo.add across dimensions = [0, 1, 2] : (tensor<1x1x1x256xf32>, tensor<f32>) -> tensor<256xf32>
    %262 = stablehlo.convolution(%56, %258) dim_numbers = [f, 0, 1, b]x[i, 0, 1, o]->[0, 1, b, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<1x56x56x256xf32>, tensor<1x56x56x256xf32>) -> tensor<3x3x256x256xf32>
    %263 = stablehlo.reverse %arg14, dims = [0, 1] : tensor<3x3x256x256xf32>
    %264 = stablehlo.convolution(%258, %263) dim_numbers = [b, 0, 1, f]x[0, 1, o, i]->[b, 0, 1, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<1x56x56x256xf32>, tensor<3x3x256x256xf32>) -> tensor<1x56x56x256xf32>
    %cst_82 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %265 = stablehlo.broadcast_in_dim %cst_82, dims = [] : (tensor<f32>) -> tensor<1x56x56x256xf32>
    %266 = stablehlo.select %58, %264, %265 : tensor<1x56x56x256xi1>, tensor<1x56x56x256xf32>
    %cst_83 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %267 = stablehlo.reduce(%266 init: %cst_83) applies stablehlo.add across dimensions = [1, 2] : (tensor<1x56x56x256xf32>, tensor<f32>) -> tensor<1x256xf32>
    %268 = stablehlo.reshape %267 : (tensor<1x256xf32>) -> tensor<1x1x1x256xf32>
    %cst_84 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %269 = stablehlo.reduce(%268 init: %cst_84) applies stablehlo.add across dimensions = [0, 1, 2] : (tensor<1x1x1x256xf32>, tensor<f32>) -> tensor<256xf32>
    %270 = stablehlo.convolution(%48, %266) dim_numbers = [f, 0, 1, b]x[i, 0, 1, o]->[0, 1, b, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<1x56x56x256xf32>, tensor<1x56x56x256xf32>) -> tensor<3x3x256x256xf32>
    %271 = stablehlo.reverse %arg12, dims = [0, 1] : tensor<3x3x256x256xf32>
    %272 = stablehlo.convolution(%266, %271) dim_numbers = [b, 0, 1, f]x[0, 1, o, i]->[b, 0, 1, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<1x56x56x256xf32>, tensor<3x3x256x256xf32>) -> tensor<1x56x56x256xf32>
    %cst_85 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %273 = stablehlo.broadcast_in_dim %cst_85, dims = [] : (tensor<f32>) -> tensor<1x56x56x256xf32>
    %274 = stablehlo.select %50, %272, %273 : tensor<1x56x56x256xi1>, tensor<1x56x56x256xf32>
    %cst_86 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %275 = stablehlo.reduce(%274 init: %cst_86) applies stablehlo.add across dimensions = [1, 2] : (tensor<1x56x56x256xf32>, tensor<f32>) -> tensor<1x256xf32>
    %276 = stablehlo.reshape %275 : (tensor<1x256xf32>) -> tensor<1x1x1x256xf32>
    %cst_87 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %277 = stablehlo.reduce(%276 init: %cst_87) applies stablehlo.add across dimensions = [0, 1, 2] : (tensor<1x1x1x256xf32>, tensor<f32>) -> tensor<256xf32>
    %278 = stablehlo.convolution(%40, %274) dim_numbers = [f, 0, 1, b]x[i, 0, 1, o]->[0, 1, b, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<1x56x56x256xf32>, tensor<1x56x56x256xf32>) -> tensor<3x3x256x256xf32>
    %279 = stablehlo.reverse %arg10, dims = [0, 1] : tensor<3x3x256x256xf32>
    %280 = stablehlo.convolution(%274, %279) dim_numbers = [b, 0, 1, f]x[0, 1, o, i]->[b, 0, 1, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<1x56x56x256xf32>, tensor<3x3x256x256xf32>) -> tensor<1x56x56x256xf32>
    %cst_88 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %281 = stablehlo.broadcast_in_dim %cst_88, dims = [] : (tensor<f32>) -> tensor<1x56x56x256xf32>
    %282 = stablehlo.select %42, %280, %281 : tensor<1x56x56x256xi1>, tensor<1x56x56x256xf32>
    %cst_89 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %283 = stablehlo.reduce(%282 init: %cst_89) applies stablehlo.add across dimensions = [1, 2] : (tensor<1x56x56x256xf32>, tensor<f32>) -> tensor<1x256xf32>
    %284 = stablehlo.reshape %283 : (tensor<1x256xf32>) -> tensor<1x1x1x256xf32>
    %cst_90 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %285 = stablehlo.reduce(%284 init: %cst_90) applies stablehlo.add across dimensions = [0, 1, 2] : (tensor<1x1x1x256xf32>, tensor<f32>) -> tensor<256xf32>
    %286 = stablehlo.convolution(%35, %282) dim_numbers = [f, 0, 1, b]x[i, 0, 1, o]->[0, 1, b, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<1x56x56x128xf32>, tensor<1x56x56x256xf32>) -> tensor<3x3x128x256xf32>
    %287 = stablehlo.reverse %arg8, dims = [0, 1] : tensor<3x3x128x256xf32>
    %288 = stablehlo.convolution(%282, %287) dim_numbers = [b, 0, 1, f]x[0, 1, o, i]->[b, 0, 1, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<1x56x56x256xf32>, tensor<3x3x128x256xf32>) -> tensor<1x56x56x128xf32>
    %cst_91 = stablehlo.constant dense<0xFF800000> : tensor<f32>
    %289 = stablehlo.pad %30, %cst_91, low = [0, 0, 0, 0], high = [0, 0, 0, 0], interior = [0, 0, 0, 0] : (tensor<1x112x112x128xf32>, tensor<f32>) -> tensor<1x112x112x128xf32>
    %cst_92 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %290 = "stablehlo.select_and_scatter"(%289, %288, %cst_92) <{padding = dense<0> : tensor<4x2xi64>, window_dimensions = array<i64: 1, 2, 2, 1>, window_strides = array<i64: 1, 2, 2, 1>}> ({
    ^bb0(%arg40: tensor<f32>, %arg41: tensor<f32>):
      %325 = stablehlo.compare GE, %arg40, %arg41, FLOAT : (tensor<f32>, tensor<f32>) -> tensor<i1>
      stablehlo.return %325 : tensor<i1>
    }, {
    ^bb0(%arg40: tensor<f32>, %arg41: tensor<f32>):
      %325 = stablehlo.add %arg40, %arg41 : tensor<f32>
      stablehlo.return %325 : tensor<f32>
    }) : (tensor<1x112x112x128xf32>, tensor<1x56x56x128xf32>, tensor<f32>) -> tensor<1x112x112x128xf32>
    %291 = stablehlo.slice %290 [0:1, 0:112, 0:112, 0:128] : (tensor<1x112x112x128xf32>) -> tensor<1x112x112x128xf32>
    %cst_93 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %292 = stablehlo.broadcast_in_dim %cst_93, dims = [] : (tensor<f32>) -> tensor<1x112x112x128xf32>
    %293 = stablehlo.select %32, %291, %292 : tensor<1x112x112x128xi1>, tensor<1x112x112x128xf32>
    %cst_94 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %294 = stablehlo.reduce(%293 init: %cst_94) applies stablehlo.add across dimensions = [1, 2] : (tensor<1x112x112x128xf32>, tensor<f32>) -> tensor<1x128xf32>
    %295 = stablehlo.reshape %294 : (tensor<1x128xf32>) -> tensor<1x1x1x128xf32>
    %cst_95 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %296 = stablehlo.reduce(%295 init: %cst_95) applies stablehlo.add across dimensions = [0, 1, 2] : (tensor<1x1x1x128xf32>, tensor<f32>) -> tensor<128xf32>
    %297 = stablehlo.convolution(%22, %293) dim_numbers = [f, 0, 1, b]x[i, 0, 1, o]->[0, 1, b, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<1x112x112x128xf32>, tensor<1x112x112x128xf32>) -> tensor<3x3x128x128xf32>
    %298 = stablehlo.reverse %arg6, dims = [0, 1] : tensor<3x3x128x128xf32>
    %299 = stablehlo.convolution(%293, %298) dim_numbers = [b, 0, 1, f]x[0, 1, o, i]->[b, 0, 1, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<1x112x112x128xf32>, tensor<3x3x128x128xf32>) -> tensor<1x112x112x128xf32>
    %cst_96 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %300 = stablehlo.broadcast_in_dim %cst_96, dims = [] : (tensor<f32>) -> tensor<1x112x112x128xf32>
    %301 = stablehlo.select %24, %299, %300 : tensor<1x112x112x128xi1>, tensor<1x112x112x128xf32>
    %cst_97 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %302 = stablehlo.reduce(%301 init: %cst_97) applies stablehlo.add across dimensions = [1, 2] : (tensor<1x112x112x128xf32>, tensor<f32>) -> tensor<1x128xf32>
    %303 = stablehlo.reshape %302 : (tensor<1x128xf32>) -> tensor<1x1x1x128xf32>
    %cst_98 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %304 = stablehlo.reduce(%303 init: %cst_98) applies stablehlo.add across dimensions = [0, 1, 2] : (tensor<1x1x1x128xf32>, tensor<f32>) -> tensor<128xf32>
    %305 = stablehlo.convolution(%17, %301) dim_numbers = [f, 0, 1, b]x[i, 0, 1, o]->[0, 1, b, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<1x112x112x64xf32>, tensor<1x112x112x128xf32>) -> tensor<3x3x64x128xf32>
    %306 = stablehlo.reverse %arg4, dims = [0, 1] : tensor<3x3x64x128xf32>
    %307 = stablehlo.convolution(%301, %306) dim_numbers = [b, 0, 1, f]x[0, 1, o, i]->[b, 0, 1, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<1x112x112x128xf32>, tensor<3x3x64x128xf32>) -> tensor<1x112x112x64xf32>
    %cst_99 = stablehlo.constant dense<0xFF800000> : tensor<f32>
    %308 = stablehlo.pad %12, %cst_99, low = [0, 0, 0, 0], high = [0, 0, 0, 0], interior = [0, 0, 0, 0] : (tensor<1x224x224x64xf32>, tensor<f32>) -> tensor<1x224x224x64xf32>
    %cst_100 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %309 = "stablehlo.select_and_scatter"(%308, %307, %cst_100) <{padding = dense<0> : tensor<4x2xi64>, window_dimensions = array<i64: 1, 2, 2, 1>, window_strides = array<i64: 1, 2, 2, 1>}> ({
    ^bb0(%arg40: tensor<f32>, %arg41: tensor<f32>):
      %325 = stablehlo.compare GE, %arg40, %arg41, FLOAT : (tensor<f32>, tensor<f32>) -> tensor<i1>
      stablehlo.return %325 : tensor<i1>
    }, {
    ^bb0(%arg40: tensor<f32>, %arg41: tensor<f32>):
      %325 = stablehlo.add %arg40, %arg41 : tensor<f32>
      stablehlo.return %325 : tensor<f32>
    }) : (tensor<1x224x224x64xf32>, tensor<1x112x112x64xf32>, tensor<f32>) -> tensor<1x224x224x64xf32>
    %310 = stablehlo.slice %309 [0:1, 0:224, 0:224, 0:64] : (tensor<1x224x224x64xf32>) -> tensor<1x224x224x64xf32>
    %cst_101 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %311 = stablehlo.broadcast_in_dim %cst_101, dims = [] : (tensor<f32>) -> tensor<1x224x224x64xf32>
    %312 = stablehlo.select %14, %310, %311 : tensor<1x224x224x64xi1>, tensor<1x224x224x64xf32>
    %cst_102 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %313 = stablehlo.reduce(%312 init: %cst_102) applies stablehlo.add across dimensions = [1, 2] : (tensor<1x224x224x64xf32>, tensor<f32>) -> tensor<1x64xf32>
    %314 = stablehlo.reshape %313 : (tensor<1x64xf32>) -> tensor<1x1x1x64xf32>
    %cst_103 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %315 = stablehlo.reduce(%314 init: %cst_103) applies stablehlo.add across dimensions = [0, 1, 2] : (tensor<1x1x1x64xf32>, tensor<f32>) -> tensor<64xf32>
    %316 = stablehlo.convolution(%4, %312) dim_numbers = [f, 0, 1, b]x[i, 0, 1, o]->[0, 1, b, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<1x224x224x64xf32>, tensor<1x224x224x64xf32>) -> tensor<3x3x64x64xf32>
    %317 = stablehlo.reverse %arg2, dims = [0, 1] : tensor<3x3x64x64xf32>
    %318 = stablehlo.convolution(%312, %317) dim_numbers = [b, 0, 1, f]x[0, 1, o, i]->[b, 0, 1, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<1x224x224x64xf32>, tensor<3x3x64x64xf32>) -> tensor<1x224x224x64xf32>
    %cst_104 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %319 = stablehlo.broadcast_in_dim %cst_104, dims = [] : (tensor<f32>) -> tensor<1x224x224x64xf32>
    %320 = stablehlo.select %6, %318, %319 : tensor<1x224x224x64xi1>, tensor<1x224x224x64xf32>
    %cst_105 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %321 = stablehlo.reduce(%320 init: %cst_105) applies stablehlo.add across dimensions = [1, 2] : (tensor<1x224x224x64xf32>, tensor<f32>) -> tensor<1x64xf32>
    %322 = stablehlo.reshape %321 : (tensor<1x64xf32>) -> tensor<1x1x1x64xf32>
    %cst_106 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %323 = stablehlo.reduce(%322 init: %cst_106) applies stablehlo.add across dimensions = [0, 1, 2] : (tensor<1x1x1x64xf32>, tensor<f32>) -> tensor<64xf32>
    %324 = stablehlo.convolution(%arg38, %320) dim_numbers = [f, 0, 1, b]x[i, 0, 1, o]->[0, 1, b, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<1x224x224x3xf32>, tensor<1x224x224x64xf32>) -> tensor<3x3x3x64xf32>
    return %161, %324, %323, %316, %315, %305, %304, %297, %296, %286, %285, %278, %277, %270, %269, %262, %261, %251, %250, %243, %242, %235, %234, %227, %226, %216, %215, %208, %207, %200, %199, %192, %191, %181, %179, %175, %173, %169, %167 : tensor<f32>, tensor<3x3x3x64xf32>, tensor<64xf32>, tensor<3x3x64x64xf32>, tensor<64xf32>, tensor<3x3x64x128xf32>, tensor<128xf32>, tensor<3x3x128x128xf32>, tensor<128xf32>, tensor<3x3x128x256xf32>, tensor<256xf32>, tensor<3x3x256x256xf32>, tensor<256xf32>, tensor<3x3x256x256xf32>, tensor<256xf32>, tensor<3x3x256x256xf32>, tensor<256xf32>, tensor<3x3x256x512xf32>, tensor<512xf32>, tensor<3x3x512x512xf32>, tensor<512xf32>, tensor<3x3x512x512xf32>, tensor<512xf32>, tensor<3x3x512x512xf32>, tensor<512xf32>, tensor<3x3x512x512xf32>, tensor<512xf32>, tensor<3x3x512x512xf32>, tensor<512xf32>, tensor<3x3x512x512xf32>, tensor<512xf32>, tensor<3x3x512x512xf32>, tensor<512xf32>, tensor<25088x4096xf32>, tensor<4096xf32>, tensor<4096x4096xf32>, tensor<4096xf32>, tensor<4096x1000xf32>, tensor<1000xf32>
  }
  func.func private @relu(%arg0: tensor<1x224x224x64xf32>) -> tensor<1x224x224x64xf32> {
    %cst = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %0 = stablehlo.broadcast_in_dim %cst, dims = [] : (tensor<f32>) -> tensor<1x224x224x64xf32>
    %1 = stablehlo.maximum %arg0, %0 : tensor<1x224x224x64xf32>
    return %1 : tensor<1x224x224x64xf32>
  }
  func.func private @relu_0(%arg0: tensor<1x112x112x128xf32>) -> tensor<1x112x112x128xf32> {
    %cst = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %0 = stablehlo.broadcast_in_dim %cst, dims = [] : (tensor<f32>) -> tensor<1x112x112x128xf32>
    %1 = stablehlo.maximum %arg0, %0 : tensor<1x112x112x128xf32>
    return %1 : tensor<1x112x112x128xf32>
  }
  func.func private @relu_1(%arg0: tensor<1x56x56x256xf32>) -> tensor<1x56x56x256xf32> {
    %cst = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %0 = stablehlo.broadcast_in_dim %cst, dims = [] : (tensor<f32>) -> tensor<1x56x56x256xf32>
    %1 = stablehlo.maximum %arg0, %0 : tensor<1x56x56x256xf32>
    return %1 : tensor<1x56x56x256xf32>
  }
  func.func private @relu_2(%arg0: tensor<1x28x28x512xf32>) -> tensor<1x28x28x512xf32> {
    %cst = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %0 = stablehlo.broadcast_in_dim %cst, dims = [] : (tensor<f32>) -> tensor<1x28x28x512xf32>
    %1 = stablehlo.maximum %arg0, %0 : tensor<1x28x28x512xf32>
    return %1 : tensor<1x28x28x512xf32>
  }
  func.func private @relu_3(%arg0: tensor<1x14x14x512xf32>) -> tensor<1x14x14x512xf32> {
    %cst = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %0 = stablehlo.broadcast_in_dim %cst, dims = [] : (tensor<f32>) -> tensor<1x14x14x512xf32>
    %1 = stablehlo.maximum %arg0, %0 : tensor<1x14x14x512xf32>
    return %1 : tensor<1x14x14x512xf32>
  }
  func.func private @relu_4(%arg0: tensor<1x4096xf32>) -> tensor<1x4096xf32> {
    %cst = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %0 = stablehlo.broadcast_in_dim %cst, dims = [] : (tensor<f32>) -> tensor<1x4096xf32>
    %1 = stablehlo.maximum %arg0, %0 : tensor<1x4096xf32>
    return %1 : tensor<1x4096xf32>
  }
  func.func private @log_softmax(%arg0: tensor<1x1000xf32>) -> (tensor<1x1000xf32>, tensor<1x1000xf32>, tensor<1x1xf32>) {
    %cst = stablehlo.constant dense<0xFF800000> : tensor<f32>
    %0 = stablehlo.reduce(%arg0 init: %cst) applies stablehlo.maximum across dimensions = [1] : (tensor<1x1000xf32>, tensor<f32>) -> tensor<1xf32>
    %cst_0 = stablehlo.constant dense<0xFF800000> : tensor<f32>
    %1 = stablehlo.broadcast_in_dim %cst_0, dims = [] : (tensor<f32>) -> tensor<1xf32>
    %2 = stablehlo.maximum %1, %0 : tensor<1xf32>
    %3 = stablehlo.broadcast_in_dim %2, dims = [0] : (tensor<1xf32>) -> tensor<1x1xf32>
    %4 = stablehlo.broadcast_in_dim %3, dims = [0, 1] : (tensor<1x1xf32>) -> tensor<1x1000xf32>
    %5 = stablehlo.subtract %arg0, %4 : tensor<1x1000xf32>
    %6 = stablehlo.exponential %5 : tensor<1x1000xf32>
    %cst_1 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %7 = stablehlo.reduce(%6 init: %cst_1) applies stablehlo.add across dimensions = [1] : (tensor<1x1000xf32>, tensor<f32>) -> tensor<1xf32>
    %8 = stablehlo.broadcast_in_dim %7, dims = [0] : (tensor<1xf32>) -> tensor<1x1xf32>
    %9 = stablehlo.log %8 : tensor<1x1xf32>
    %10 = stablehlo.broadcast_in_dim %9, dims = [0, 1] : (tensor<1x1xf32>) -> tensor<1x1000xf32>
    %11 = stablehlo.subtract %5, %10 : tensor<1x1000xf32>
    return %11, %6, %8 : tensor<1x1000xf32>, tensor<1x1000xf32>, tensor<1x1xf32>
  }
  func.func private @take_along_axis(%arg0: tensor<1x1000xf32>, %arg1: tensor<1x1xui64>) -> (tensor<1x1xf32>, tensor<1x1xi32>) {
    %0 = stablehlo.convert %arg1 : (tensor<1x1xui64>) -> tensor<1x1xi32>
    %c = stablehlo.constant dense<0> : tensor<i32>
    %1 = stablehlo.broadcast_in_dim %c, dims = [] : (tensor<i32>) -> tensor<1x1xi32>
    %2 = stablehlo.compare LT, %0, %1, SIGNED : (tensor<1x1xi32>, tensor<1x1xi32>) -> tensor<1x1xi1>
    %c_0 = stablehlo.constant dense<1000> : tensor<i32>
    %3 = stablehlo.broadcast_in_dim %c_0, dims = [] : (tensor<i32>) -> tensor<1x1xi32>
    %4 = stablehlo.add %0, %3 : tensor<1x1xi32>
    %5 = stablehlo.select %2, %4, %0 : tensor<1x1xi1>, tensor<1x1xi32>
    %c_1 = stablehlo.constant dense<999> : tensor<1xi32>
    %c_2 = stablehlo.constant dense<0> : tensor<i32>
    %6 = stablehlo.broadcast_in_dim %c_2, dims = [] : (tensor<i32>) -> tensor<1x1xi32>
    %7 = stablehlo.compare GE, %5, %6, SIGNED : (tensor<1x1xi32>, tensor<1x1xi32>) -> tensor<1x1xi1>
    %8 = stablehlo.broadcast_in_dim %c_1, dims = [1] : (tensor<1xi32>) -> tensor<1x1xi32>
    %9 = stablehlo.compare LE, %5, %8, SIGNED : (tensor<1x1xi32>, tensor<1x1xi32>) -> tensor<1x1xi1>
    %10 = stablehlo.and %7, %9 : tensor<1x1xi1>
    %c_3 = stablehlo.constant dense<true> : tensor<i1>
    %11 = stablehlo.reduce(%10 init: %c_3) applies stablehlo.and across dimensions = [1] : (tensor<1x1xi1>, tensor<i1>) -> tensor<1xi1>
    %12 = "stablehlo.gather"(%arg0, %5) <{dimension_numbers = #stablehlo.gather<offset_dims = [0], collapsed_slice_dims = [1], start_index_map = [1], index_vector_dim = 1>, indices_are_sorted = false, slice_sizes = array<i64: 1, 1>}> : (tensor<1x1000xf32>, tensor<1x1xi32>) -> tensor<1x1xf32>
    %13 = stablehlo.broadcast_in_dim %11, dims = [1] : (tensor<1xi1>) -> tensor<1x1xi1>
    %cst = stablehlo.constant dense<0x7FC00000> : tensor<f32>
    %14 = stablehlo.broadcast_in_dim %cst, dims = [] : (tensor<f32>) -> tensor<1x1xf32>
    %15 = stablehlo.select %13, %12, %14 : tensor<1x1xi1>, tensor<1x1xf32>
    return %15, %5 : tensor<1x1xf32>, tensor<1x1xi32>
  }
  func.func private @take_along_axis_5(%arg0: tensor<1x1xi32>, %arg1: tensor<1x1xf32>) -> tensor<1x1000xf32> {
    %cst = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %0 = stablehlo.broadcast_in_dim %cst, dims = [] : (tensor<f32>) -> tensor<1x1000xf32>
    %1 = "stablehlo.scatter"(%0, %arg0, %arg1) <{indices_are_sorted = false, scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = [0], inserted_window_dims = [1], scatter_dims_to_operand_dims = [1], index_vector_dim = 1>, unique_indices = false}> ({
    ^bb0(%arg2: tensor<f32>, %arg3: tensor<f32>):
      %2 = stablehlo.add %arg2, %arg3 : tensor<f32>
      stablehlo.return %2 : tensor<f32>
    }) : (tensor<1x1000xf32>, tensor<1x1xi32>, tensor<1x1xf32>) -> tensor<1x1000xf32>
    return %1 : tensor<1x1000xf32>
  }
  func.func private @log_softmax_6(%arg0: tensor<1x1000xf32>, %arg1: tensor<1x1xf32>, %arg2: tensor<1x1000xf32>) -> tensor<1x1000xf32> {
    %0 = stablehlo.negate %arg2 : tensor<1x1000xf32>
    %cst = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %1 = stablehlo.reduce(%0 init: %cst) applies stablehlo.add across dimensions = [1] : (tensor<1x1000xf32>, tensor<f32>) -> tensor<1xf32>
    %2 = stablehlo.reshape %1 : (tensor<1xf32>) -> tensor<1x1xf32>
    %3 = stablehlo.divide %2, %arg1 : tensor<1x1xf32>
    %cst_0 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %4 = stablehlo.reduce(%3 init: %cst_0) applies stablehlo.add across dimensions = [0, 1] : (tensor<1x1xf32>, tensor<f32>) -> tensor<f32>
    %5 = stablehlo.broadcast_in_dim %4, dims = [] : (tensor<f32>) -> tensor<1xf32>
    %6 = stablehlo.broadcast_in_dim %5, dims = [0] : (tensor<1xf32>) -> tensor<1x1000xf32>
    %7 = stablehlo.multiply %6, %arg0 : tensor<1x1000xf32>
    %8 = stablehlo.add %arg2, %7 : tensor<1x1000xf32>
    return %8 : tensor<1x1000xf32>
  }
}
