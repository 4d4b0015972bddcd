module @jit_loss attributes {mhlo.num_partitions = 1 : i32, mhlo.num_replicas = 1 : i32} {
  func.func public @main(%arg0: tensor<64x512xf32>, %arg1: tensor<128x512xf32>, %arg2: tensor<512xf32>, %arg3: tensor<128x64xf32>, %arg4: tensor<64xf32>, %arg5: tensor<64x32x64xf32>, %arg6: tensor<64x32xui64>) -> (tensor<f32> {jax.result_info = "result[0]"}, tensor<64x512xf32> {jax.result_info = "result[1][0]"}, tensor<128x512xf32> {jax.result_info = "result[1][1]"}, tensor<512xf32> {jax.result_info = "result[1][2]"}, tensor<128x64xf32> {jax.result_info = "result[1][3]"}, tensor<64xf32> {jax.result_info = "result[1][4]"}) {
    %cst = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %0 = stablehlo.broadcast_in_dim %cst, dims = [] : (tensor<f32>) -> tensor<32x128xf32>
    %1 = stablehlo.broadcast_in_dim %arg2, dims = [1] : (tensor<512xf32>) -> tensor<1x512xf32>
    %2 = stablehlo.broadcast_in_dim %arg4, dims = [1] : (tensor<64xf32>) -> tensor<1x64xf32>
    call @log_softmax() : () -> ()
    call @take_along_axis() : () -> ()
    %cst_0 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %3 = stablehlo.broadcast_in_dim %cst_0, dims = [] : (tensor<f32>) -> tensor<64xf32>
    %cst_1 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %4 = stablehlo.broadcast_in_dim %cst_1, dims = [] : (tensor<f32>) -> tensor<64x32x128xf32>
    %cst_2 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %5 = stablehlo.broadcast_in_dim %cst_2, dims = [] : (tensor<f32>) -> tensor<64x32x128xf32>
    %cst_3 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %6 = stablehlo.broadcast_in_dim %cst_3, dims = [] : (tensor<f32>) -> tensor<64x32x128xf32>
    %cst_4 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %7 = stablehlo.broadcast_in_dim %cst_4, dims = [] : (tensor<f32>) -> tensor<64x32x128xf32>
    %cst_5 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %8 = stablehlo.broadcast_in_dim %cst_5, dims = [] : (tensor<f32>) -> tensor<64x32x128xf32>
    %cst_6 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %9 = stablehlo.broadcast_in_dim %cst_6, dims = [] : (tensor<f32>) -> tensor<64x32x128xf32>
    %cst_7 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %10 = stablehlo.broadcast_in_dim %cst_7, dims = [] : (tensor<f32>) -> tensor<64x32x128xf32>
    %cst_8 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %11 = stablehlo.broadcast_in_dim %cst_8, dims = [] : (tensor<f32>) -> tensor<64x32x128xf32>
    %cst_9 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %12 = stablehlo.broadcast_in_dim %cst_9, dims = [] : (tensor<f32>) -> tensor<64x32x128xf32>
    %cst_10 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %13 = stablehlo.broadcast_in_dim %cst_10, dims = [] : (tensor<f32>) -> tensor<64x32x128xf32>
    %cst_11 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %14 = stablehlo.broadcast_in_dim %cst_11, dims = [] : (tensor<f32>) -> tensor<64x32x128xf32>
    %cst_12 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %15 = stablehlo.broadcast_in_dim %cst_12, dims = [] : (tensor<f32>) -> tensor<64x32x128xf32>
    %cst_13 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %16 = stablehlo.broadcast_in_dim %cst_13, dims = [] : (tensor<f32>) -> tensor<64x32x128xf32>
    %cst_14 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %17 = stablehlo.broadcast_in_dim %cst_14, dims = [] : (tensor<f32>) -> tensor<64x32x64xf32>
    %cst_15 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %18 = stablehlo.broadcast_in_dim %cst_15, dims = [] : (tensor<f32>) -> tensor<64x32x1xf32>
    %c = stablehlo.constant dense<0> : tensor<i32>
    %19 = stablehlo.broadcast_in_dim %c, dims = [] : (tensor<i32>) -> tensor<64x32x1x1xi32>
    %c_16 = stablehlo.constant dense<0> : tensor<i64>
    %20:27 = stablehlo.while(%iterArg = %arg5, %iterArg_31 = %arg6, %iterArg_32 = %arg0, %iterArg_33 = %arg1, %iterArg_34 = %1, %iterArg_35 = %arg3, %iterArg_36 = %2, %iterArg_37 = %c_16, %iterArg_38 = %0, %iterArg_39 = %0, %iterArg_40 = %3, %iterArg_41 = %4, %iterArg_42 = %5, %iterArg_43 = %6, %iterArg_44 = %7, %iterArg_45 = %8, %iterArg_46 = %9, %iterArg_47 = %10, %iterArg_48 = %11, %iterArg_49 = %12, %iterArg_50 = %13, %iterArg_51 = %14, %iterArg_52 = %15, %iterArg_53 = %16, %iterArg_54 = %17, %iterArg_55 = %18, %iterArg_56 = %19) : tensor<64x32x64xf32>, tensor<64x32xui64>, tensor<64x512xf32>, tensor<128x512xf32>, tensor<1x512xf32>, tensor<128x64xf32>, tensor<1x64xf32>, tensor<i64>, tensor<32x128xf32>, tensor<32x128xf32>, tensor<64xf32>, tensor<64x32x128xf32>, tensor<64x32x128xf32>, tensor<64x32x128xf32>, tensor<64x32x128xf32>, tensor<64x32x128xf32>, tensor<64x32x128xf32>, tensor<64x32x128xf32>, tensor<64x32x128xf32>, tensor<64x32x128xf32>, tensor<64x32x128xf32>, tensor<64x32x128xf32>, tensor<64x32x128xf32>, tensor<64x32x128xf32>, tensor<64x32x64xf32>, tensor<64x32x1xf32>, tensor<64x32x1x1xi32>
    cond {
      %c_57 = stablehlo.constant dense<64> : tensor<i64>
      %35 = stablehlo.compare LT, %iterArg_37, %c_57, SIGNED : (tensor<i64>, tensor<i64>) -> tensor<i1>
      stablehlo.return %35 : tensor<i1>
    } do {
      %35 = func.call @dynamic_index_in_dim(%iterArg, %iterArg_37) : (tensor<64x32x64xf32>, tensor<i64>) -> tensor<32x64xf32>
      %36 = func.call @dynamic_index_in_dim_0(%iterArg_31, %iterArg_37) : (tensor<64x32xui64>, tensor<i64>) -> tensor<32xui64>
      %37:19 = func.call @closed_call(%iterArg_32, %iterArg_33, %iterArg_34, %iterArg_35, %iterArg_36, %iterArg_38, %iterArg_39, %35, %36) : (tensor<64x512xf32>, tensor<128x512xf32>, tensor<1x512xf32>, tensor<128x64xf32>, tensor<1x64xf32>, tensor<32x128xf32>, tensor<32x128xf32>, tensor<32x64xf32>, tensor<32xui64>) -> (tensor<32x128xf32>, tensor<32x128xf32>, tensor<f32>, tensor<32x128xf32>, tensor<32x128xf32>, tensor<32x128xf32>, tensor<32x128xf32>, tensor<32x128xf32>, tensor<32x128xf32>, tensor<32x128xf32>, tensor<32x128xf32>, tensor<32x128xf32>, tensor<32x128xf32>, tensor<32x128xf32>, tensor<32x128xf32>, tensor<32x128xf32>, tensor<32x64xf32>, tensor<32x1xf32>, tensor<32x1x1xi32>)
      %38 = func.call @dynamic_update_index_in_dim(%iterArg_40, %37#2, %iterArg_37) : (tensor<64xf32>, tensor<f32>, tensor<i64>) -> tensor<64xf32>
      %39 = func.call @dynamic_update_index_in_dim_3(%iterArg_41, %37#3, %iterArg_37) : (tensor<64x32x128xf32>, tensor<32x128xf32>, tensor<i64>) -> tensor<64x32x128xf32>
      %40 = func.call @dynamic_update_index_in_dim_3(%iterArg_42, %37#4, %iterArg_37) : (tensor<64x32x128xf32>, tensor<32x128xf32>, tensor<i64>) -> tensor<64x32x128xf32>
      %41 = func.call @dynamic_update_index_in_dim_3(%iterArg_43, %37#5, %iterArg_37) : (tensor<64x32x128xf32>, tensor<32x128xf32>, tensor<i64>) -> tensor<64x32x128xf32>
      %42 = func.call @dynamic_update_index_in_dim_3(%iterArg_44, %37#6, %iterArg_37) : (tensor<64x32x128xf32>, tensor<32x128xf32>, tensor<i64>) -> tensor<64x32x128xf32>
      %43 = func.call @dynamic_update_index_in_dim_3(%iterArg_45, %37#7, %iterArg_37) : (tensor<64x32x128xf32>, tensor<32x128xf32>, tensor<i64>) -> tensor<64x32x128xf32>
      %44 = func.call @dynamic_update_index_in_dim_3(%iterArg_46, %37#8, %iterArg_37) : (tensor<64x32x128xf32>, tensor<32x128xf32>, tensor<i64>) -> tensor<64x32x128xf32>
      %45 = func.call @dynamic_update_index_in_dim_3(%iterArg_47, %37#9, %iterArg_37) : (tensor<64x32x128xf32>, tensor<32x128xf32>, tensor<i64>) -> tensor<64x32x128xf32>
      %46 = func.call @dynamic_update_index_in_dim_3(%iterArg_48, %37#10, %iterArg_37) : (tensor<64x32x128xf32>, tensor<32x128xf32>, tensor<i64>) -> tensor<64x32x128xf32>
      %47 = func.call @dynamic_update_index_in_dim_3(%iterArg_49, %37#11, %iterArg_37) : (tensor<64x32x128xf32>, tensor<32x128xf32>, tensor<i64>) -> tensor<64x32x128xf32>
      %48 = func.call @dynamic_update_index_in_dim_3(%iterArg_50, %37#12, %iterArg_37) : (tensor<64x32x128xf32>, tensor<32x128xf32>, tensor<i64>) -> tensor<64x32x128xf32>
      %49 = func.call @dynamic_update_index_in_dim_3(%iterArg_51, %37#13, %iterArg_37) : (tensor<64x32x128xf32>, tensor<32x128xf32>, tensor<i64>) -> tensor<64x32x128xf32>
      %50 = func.call @dynamic_update_index_in_dim_3(%iterArg_52, %37#14, %iterArg_37) : (tensor<64x32x128xf32>, tensor<32x128xf32>, tensor<i64>) -> tensor<64x32x128xf32>
      %51 = func.call @dynamic_update_index_in_dim_3(%iterArg_53, %37#15, %iterArg_37) : (tensor<64x32x128xf32>, tensor<32x128xf32>, tensor<i64>) -> tensor<64x32x128xf32>
      %52 = func.call @dynamic_update_index_in_dim_4(%iterArg_54, %37#16, %iterArg_37) : (tensor<64x32x64xf32>, tensor<32x64xf32>, tensor<i64>) -> tensor<64x32x64xf32>
      %53 = func.call @dynamic_update_index_in_dim_5(%iterArg_55, %37#17, %iterArg_37) : (tensor<64x32x1xf32>, tensor<32x1xf32>, tensor<i64>) -> tensor<64x32x1xf32>
      %54 = func.call @dynamic_update_index_in_dim_6(%iterArg_56, %37#18, %iterArg_37) : (tensor<64x32x1x1xi32>, tensor<32x1x1xi32>, tensor<i64>) -> tensor<64x32x1x1xi32>
      %c_57 = stablehlo.constant dense<1> : tensor<i64>
      %55 = stablehlo.add %iterArg_37, %c_57 : tensor<i64>
      stablehlo.return %iterArg, %iterArg_31, %iterArg_32, %iterArg_33, %iterArg_34, %iterArg_35, %iterArg_36, %55, %37#0, %37#1, %38, %39, %40, %41, %42, %43, %44, %45, %46, %47, %48, %49, %50, %51, %52, %53, %54 : tensor<64x32x64xf32>, tensor<64x32xui64>, tensor<64x512xf32>, tensor<128x512xf32>, tensor<1x512xf32>, tensor<128x64xf32>, tensor<1x64xf32>, tensor<i64>, tensor<32x128xf32>, tensor<32x128xf32>, tensor<64xf32>, tensor<64x32x128xf32>, tensor<64x32x128xf32>, tensor<64x32x128xf32>, tensor<64x32x128xf32>, tensor<64x32x128xf32>, tensor<64x32x128xf32>, tensor<64x32x128xf32>, tensor<64x32x128xf32>, tensor<64x32x128xf32>, tensor<64x32x128xf32>, tensor<64x32x128xf32>, tensor<64x32x128xf32>, tensor<64x32x128xf32>, tensor<64x32x64xf32>, tensor<64x32x1xf32>, tensor<64x32x1x1xi32>
    }
    %cst_17 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %21 = stablehlo.reduce(%20#10 init: %cst_17) applies stablehlo.add across dimensions = [0] : (tensor<64xf32>, tensor<f32>) -> tensor<f32>
    %cst_18 = stablehlo.constant dense<6.400000e+01> : tensor<f32>
    %22 = stablehlo.divide %21, %cst_18 : tensor<f32>
    %cst_19 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %23 = stablehlo.broadcast_in_dim %cst_19, dims = [] : (tensor<f32>) -> tensor<32x128xf32>
    %cst_20 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %24 = stablehlo.broadcast_in_dim %cst_20, dims = [] : (tensor<f32>) -> tensor<32x128xf32>
    %cst_21 = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %cst_22 = stablehlo.constant dense<6.400000e+01> : tensor<f32>
    %25 = stablehlo.divide %cst_21, %cst_22 : tensor<f32>
    %26 = stablehlo.broadcast_in_dim %25, dims = [] : (tensor<f32>) -> tensor<64xf32>
    %cst_23 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %27 = stablehlo.broadcast_in_dim %cst_23, dims = [] : (tensor<f32>) -> tensor<32x128xf32>
    %cst_24 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %28 = stablehlo.broadcast_in_dim %cst_24, dims = [] : (tensor<f32>) -> tensor<32x128xf32>
    %cst_25 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %29 = stablehlo.broadcast_in_dim %cst_25, dims = [] : (tensor<f32>) -> tensor<64x512xf32>
    %cst_26 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %30 = stablehlo.broadcast_in_dim %cst_26, dims = [] : (tensor<f32>) -> tensor<128x512xf32>
    %cst_27 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %31 = stablehlo.broadcast_in_dim %cst_27, dims = [] : (tensor<f32>) -> tensor<512xf32>
    %cst_28 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %32 = stablehlo.broadcast_in_dim %cst_28, dims = [] : (tensor<f32>) -> tensor<128x64xf32>
    %cst_29 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %33 = stablehlo.broadcast_in_dim %cst_29, dims = [] : (tensor<f32>) -> tensor<64xf32>
    %c_30 = stablehlo.constant dense<0> : tensor<i64>
    %34:28 = stablehlo.while(%iterArg = %26, %iterArg_31 = %arg5, %iterArg_32 = %20#11, %iterArg_33 = %20#12, %iterArg_34 = %20#13, %iterArg_35 = %20#14, %iterArg_36 = %20#15, %iterArg_37 = %20#16, %iterArg_38 = %20#17, %iterArg_39 = %20#18, %iterArg_40 = %20#19, %iterArg_41 = %20#20, %iterArg_42 = %20#21, %iterArg_43 = %20#22, %iterArg_44 = %20#23, %iterArg_45 = %20#24, %iterArg_46 = %20#25, %iterArg_47 = %20#26, %iterArg_48 = %arg1, %iterArg_49 = %arg3, %iterArg_50 = %c_30, %iterArg_51 = %29, %iterArg_52 = %30, %iterArg_53 = %31, %iterArg_54 = %32, %iterArg_55 = %33, %iterArg_56 = %27, %iterArg_57 = %28) : tensor<64xf32>, tensor<64x32x64xf32>, tensor<64x32x128xf32>, tensor<64x32x128xf32>, tensor<64x32x128xf32>, tensor<64x32x128xf32>, tensor<64x32x128xf32>, tensor<64x32x128xf32>, tensor<64x32x128xf32>, tensor<64x32x128xf32>, tensor<64x32x128xf32>, tensor<64x32x128xf32>, tensor<64x32x128xf32>, tensor<64x32x128xf32>, tensor<64x32x128xf32>, tensor<64x32x64xf32>, tensor<64x32x1xf32>, tensor<64x32x1x1xi32>, tensor<128x512xf32>, tensor<128x64xf32>, tensor<i64>, tensor<64x512xf32>, tensor<128x512xf32>, tensor<512xf32>, tensor<128x64xf32>, tensor<64xf32>, tensor<32x128xf32>, tensor<32x128xf32>
    cond {
      %c_58 = stablehlo.constant dense<64> : tensor<i64>
      %35 = stablehlo.compare LT, %iterArg_50, %c_58, SIGNED : (tensor<i64>, tensor<i64>) -> tensor<i1>
      stablehlo.return %35 : tensor<i1>
    } do {
      %c_58 = stablehlo.constant dense<64> : tensor<i64>
      %35 = stablehlo.subtract %c_58, %iterArg_50 : tensor<i64>
      %c_59 = stablehlo.constant dense<1> : tensor<i64>
      %36 = stablehlo.subtract %35, %c_59 : tensor<i64>
      %37 = func.call @dynamic_index_in_dim_7(%iterArg, %36) : (tensor<64xf32>, tensor<i64>) -> tensor<f32>
      %38 = func.call @dynamic_index_in_dim(%iterArg_31, %36) : (tensor<64x32x64xf32>, tensor<i64>) -> tensor<32x64xf32>
      %39 = func.call @dynamic_index_in_dim_8(%iterArg_32, %36) : (tensor<64x32x128xf32>, tensor<i64>) -> tensor<32x128xf32>
      %40 = func.call @dynamic_index_in_dim_8(%iterArg_33, %36) : (tensor<64x32x128xf32>, tensor<i64>) -> tensor<32x128xf32>
      %41 = func.call @dynamic_index_in_dim_8(%iterArg_34, %36) : (tensor<64x32x128xf32>, tensor<i64>) -> tensor<32x128xf32>
      %42 = func.call @dynamic_index_in_dim_8(%iterArg_35, %36) : (tensor<64x32x128xf32>, tensor<i64>) -> tensor<32x128xf32>
      %43 = func.call @dynamic_index_in_dim_8(%iterArg_36, %36) : (tensor<64x32x128xf32>, tensor<i64>) -> tensor<32x128xf32>
      %44 = func.call @dynamic_index_in_dim_8(%iterArg_37, %36) : (tensor<64x32x128xf32>, tensor<i64>) -> tensor<32x128xf32>
      %45 = func.call @dynamic_index_in_dim_8(%iterArg_38, %36) : (tensor<64x32x128xf32>, tensor<i64>) -> tensor<32x128xf32>
      %46 = func.call @dynamic_index_in_dim_8(%iterArg_39, %36) : (tensor<64x32x128xf32>, tensor<i64>) -> tensor<32x128xf32>
      %47 = func.call @dynamic_index_in_dim_8(%iterArg_40, %36) : (tensor<64x32x128xf32>, tensor<i64>) -> tensor<32x128xf32>
      %48 = func.call @dynamic_index_in_dim_8(%iterArg_41, %36) : (tensor<64x32x128xf32>, tensor<i64>) -> tensor<32x128xf32>
      %49 = func.call @dynamic_index_in_dim_8(%iterArg_42, %36) : (tensor<64x32x128xf32>, tensor<i64>) -> tensor<32x128xf32>
      %50 = func.call @dynamic_index_in_dim_8(%iterArg_43, %36) : (tensor<64x32x128xf32>, tensor<i64>) -> tensor<32x128xf32>
      %51 = func.call @dynamic_index_in_dim_8(%iterArg_44, %36) : (tensor<64x32x128xf32>, tensor<i64>) -> tensor<32x128xf32>
      %52 = func.call @dynamic_index_in_dim(%iterArg_45, %36) : (tensor<64x32x64xf32>, tensor<i64>) -> tensor<32x64xf32>
      %53 = func.call @dynamic_index_in_dim_9(%iterArg_46, %36) : (tensor<64x32x1xf32>, tensor<i64>) -> tensor<32x1xf32>
      %54 = func.call @dynamic_index_in_dim_10(%iterArg_47, %36) : (tensor<64x32x1x1xi32>, tensor<i64>) -> tensor<32x1x1xi32>
      %55:7 = func.call @closed_call_11(%iterArg_48, %iterArg_49, %iterArg_51, %iterArg_52, %iterArg_53, %iterArg_54, %iterArg_55, %iterArg_56, %iterArg_57, %37, %38, %39, %40, %41, %42, %43, %44, %45, %46, %47, %48, %49, %50, %51, %52, %53, %54) : (tensor<128x512xf32>, tensor<128x64xf32>, tensor<64x512xf32>, tensor<128x512xf32>, tensor<512xf32>, tensor<128x64xf32>, tensor<64xf32>, tensor<32x128xf32>, tensor<32x128xf32>, tensor<f32>, tensor<32x64xf32>, tensor<32x128xf32>, tensor<32x128xf32>, tensor<32x128xf32>, tensor<32x128xf32>, tensor<32x128xf32>, tensor<32x128xf32>, tensor<32x128xf32>, tensor<32x128xf32>, tensor<32x128xf32>, tensor<32x128xf32>, tensor<32x128xf32>, tensor<32x128xf32>, tensor<32x128xf32>, tensor<32x64xf32>, tensor<32x1xf32>, tensor<32x1x1xi32>) -> (tensor<64x512xf32>, tensor<128x512xf32>, tensor<512xf32>, tensor<128x64xf32>, tensor<64xf32>, tensor<32x128xf32>, tensor<32x128xf32>)
      %c_60 = stablehlo.constant dense<1> : tensor<i64>
      %56 = stablehlo.add %iterArg_50, %c_60 : tensor<i64>
      stablehlo.return %iterArg, %iterArg_31, %iterArg_32, %iterArg_33, %iterArg_34, %iterArg_35, %iterArg_36, %iterArg_37, %iterArg_38, %iterArg_39, %iterArg_40, %iterArg_41, %iterArg_42, %iterArg_43, %iterArg_44, %iterArg_45, %iterArg_46, %iterArg_47, %iterArg_48, %iterArg_49, %56, %55#0, %55#1, %55#2, %55#3, %55#4, %55#5, %55#6 : tensor<64xf32>, tensor<64x32x64xf32>, tensor<64x32x128xf32>, tensor<64x32x128xf32>, tensor<64x32x128xf32>, tensor<64x32x128xf32>, tensor<64x32x128xf32>, tensor<64x32x128xf32>, tensor<64x32x128xf32>, tensor<64x32x128xf32>, tensor<64x32x128xf32>, tensor<64x32x128xf32>, tensor<64x32x128xf32>, tensor<64x32x128xf32>, tensor<64x32x128xf32>, tensor<64x32x64xf32>, tensor<64x32x1xf32>, tensor<64x32x1x1xi32>, tensor<128x512xf32>, tensor<128x64xf32>, tensor<i64>, tensor<64x512xf32>, tensor<128x512xf32>, tensor<512xf32>, tensor<128x64xf32>, tensor<64xf32>, tensor<32x128xf32>, tensor<32x128xf32>
    }
    return %22, %34#21, %34#22, %34#23, %34#24, %34#25 : tensor<f32>, tensor<64x512xf32>, tensor<128x512xf32>, tensor<512xf32>, tensor<128x64xf32>, tensor<64xf32>
  }
  func.func private @log_softmax() {
    return
  }
  func.func private @take_along_axis() {
    return
  }
  func.func private @dynamic_index_in_dim(%arg0: tensor<64x32x64xf32>, %arg1: tensor<i64>) -> tensor<32x64xf32> {
    %c = stablehlo.constant dense<0> : tensor<i64>
    %c_0 = stablehlo.constant dense<0> : tensor<i64>
    %0 = stablehlo.dynamic_slice %arg0, %arg1, %c, %c_0, sizes = [1, 32, 64] : (tensor<64x32x64xf32>, tensor<i64>, tensor<i64>, tensor<i64>) -> tensor<1x32x64xf32>
    %1 = stablehlo.reshape %0 : (tensor<1x32x64xf32>) -> tensor<32x64xf32>
    return %1 : tensor<32x64xf32>
  }
  func.func private @dynamic_index_in_dim_0(%arg0: tensor<64x32xui64>, %arg1: tensor<i64>) -> tensor<32xui64> {
    %c = stablehlo.constant dense<0> : tensor<i64>
    %0 = stablehlo.dynamic_slice %arg0, %arg1, %c, sizes = [1, 32] : (tensor<64x32xui64>, tensor<i64>, tensor<i64>) -> tensor<1x32xui64>
    %1 = stablehlo.reshape %0 : (tensor<1x32xui64>) -> tensor<32xui64>
    return %1 : tensor<32xui64>
  }
  func.func private @closed_call(%arg0: tensor<64x512xf32>, %arg1: tensor<128x512xf32>, %arg2: tensor<1x512xf32>, %arg3: tensor<128x64xf32>, %arg4: tensor<1x64xf32>, %arg5: tensor<32x128xf32>, %arg6: tensor<32x128xf32>, %arg7: tensor<32x64xf32>, %arg8: tensor<32xui64>) -> (tensor<32x128xf32>, tensor<32x128xf32>, tensor<f32>, tensor<32x128xf32>, tensor<32x128xf32>, tensor<32x128xf32>, tensor<32x128xf32>, tensor<32x128xf32>, tensor<32x128xf32>, tensor<32x128xf32>, tensor<32x128xf32>, tensor<32x128xf32>, tensor<32x128xf32>, tensor<32x128xf32>, tensor<32x128xf32>, tensor<32x128xf32>, tensor<32x64xf32>, tensor<32x1xf32>, tensor<32x1x1xi32>) {
    %0 = stablehlo.dot_general %arg7, %arg0, contracting_dims = [1] x [0], precision = [DEFAULT, DEFAULT] : (tensor<32x64xf32>, tensor<64x512xf32>) -> tensor<32x512xf32>
    %1 = stablehlo.dot_general %arg5, %arg1, contracting_dims = [1] x [0], precision = [DEFAULT, DEFAULT] : (tensor<32x128xf32>, tensor<128x512xf32>) -> tensor<32x512xf32>
    %2 = stablehlo.add %0, %1 : tensor<32x512xf32>
    %3 = stablehlo.broadcast_in_dim %arg2, dims = [0, 1] : (tensor<1x512xf32>) -> tensor<32x512xf32>
    %4 = stablehlo.add %2, %3 : tensor<32x512xf32>
    %5 = stablehlo.slice %4 [0:32, 0:128] : (tensor<32x512xf32>) -> tensor<32x128xf32>
    %6 = stablehlo.slice %4 [0:32, 128:256] : (tensor<32x512xf32>) -> tensor<32x128xf32>
    %7 = stablehlo.slice %4 [0:32, 256:384] : (tensor<32x512xf32>) -> tensor<32x128xf32>
    %8 = stablehlo.slice %4 [0:32, 384:512] : (tensor<32x512xf32>) -> tensor<32x128xf32>
    %9 = stablehlo.negate %6 : tensor<32x128xf32>
    %10 = stablehlo.exponential %9 : tensor<32x128xf32>
    %cst = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %11 = stablehlo.broadcast_in_dim %cst, dims = [] : (tensor<f32>) -> tensor<32x128xf32>
    %12 = stablehlo.add %11, %10 : tensor<32x128xf32>
    %cst_0 = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %13 = stablehlo.broadcast_in_dim %cst_0, dims = [] : (tensor<f32>) -> tensor<32x128xf32>
    %14 = stablehlo.divide %13, %12 : tensor<32x128xf32>
    %cst_1 = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %15 = stablehlo.broadcast_in_dim %cst_1, dims = [] : (tensor<f32>) -> tensor<32x128xf32>
    %16 = stablehlo.subtract %15, %14 : tensor<32x128xf32>
    %17 = stablehlo.multiply %14, %16 : tensor<32x128xf32>
    %18 = stablehlo.multiply %14, %arg6 : tensor<32x128xf32>
    %19 = stablehlo.negate %5 : tensor<32x128xf32>
    %20 = stablehlo.exponential %19 : tensor<32x128xf32>
    %cst_2 = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %21 = stablehlo.broadcast_in_dim %cst_2, dims = [] : (tensor<f32>) -> tensor<32x128xf32>
    %22 = stablehlo.add %21, %20 : tensor<32x128xf32>
    %cst_3 = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %23 = stablehlo.broadcast_in_dim %cst_3, dims = [] : (tensor<f32>) -> tensor<32x128xf32>
    %24 = stablehlo.divide %23, %22 : tensor<32x128xf32>
    %cst_4 = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %25 = stablehlo.broadcast_in_dim %cst_4, dims = [] : (tensor<f32>) -> tensor<32x128xf32>
    %26 = stablehlo.subtract %25, %24 : tensor<32x128xf32>
    %27 = stablehlo.multiply %24, %26 : tensor<32x128xf32>
    %28 = stablehlo.tanh %7 : tensor<32x128xf32>
    %cst_5 = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %29 = stablehlo.broadcast_in_dim %cst_5, dims = [] : (tensor<f32>) -> tensor<32x128xf32>
    %30 = stablehlo.subtract %29, %28 : tensor<32x128xf32>
    %31 = stablehlo.multiply %24, %28 : tensor<32x128xf32>
    %32 = stablehlo.add %18, %31 : tensor<32x128xf32>
    %33 = stablehlo.negate %8 : tensor<32x128xf32>
    %34 = stablehlo.exponential %33 : tensor<32x128xf32>
    %cst_6 = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %35 = stablehlo.broadcast_in_dim %cst_6, dims = [] : (tensor<f32>) -> tensor<32x128xf32>
    %36 = stablehlo.add %35, %34 : tensor<32x128xf32>
    %cst_7 = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %37 = stablehlo.broadcast_in_dim %cst_7, dims = [] : (tensor<f32>) -> tensor<32x128xf32>
    %38 = stablehlo.divide %37, %36 : tensor<32x128xf32>
    %cst_8 = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %39 = stablehlo.broadcast_in_dim %cst_8, dims = [] : (tensor<f32>) -> tensor<32x128xf32>
    %40 = stablehlo.subtract %39, %38 : tensor<32x128xf32>
    %41 = stablehlo.multiply %38, %40 : tensor<32x128xf32>
    %42 = stablehlo.tanh %32 : tensor<32x128xf32>
    %cst_9 = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %43 = stablehlo.broadcast_in_dim %cst_9, dims = [] : (tensor<f32>) -> tensor<32x128xf32>
    %44 = stablehlo.subtract %43, %42 : tensor<32x128xf32>
    %45 = stablehlo.multiply %38, %42 : tensor<32x128xf32>
    %46 = stablehlo.dot_general %45, %arg3, contracting_dims = [1] x [0], precision = [DEFAULT, DEFAULT] : (tensor<32x128xf32>, tensor<128x64xf32>) -> tensor<32x64xf32>
    %47 = stablehlo.broadcast_in_dim %arg4, dims = [0, 1] : (tensor<1x64xf32>) -> tensor<32x64xf32>
    %48 = stablehlo.add %46, %47 : tensor<32x64xf32>
    %49:3 = call @log_softmax_1(%48) : (tensor<32x64xf32>) -> (tensor<32x64xf32>, tensor<32x64xf32>, tensor<32x1xf32>)
    %50 = stablehlo.broadcast_in_dim %arg8, dims = [0] : (tensor<32xui64>) -> tensor<32x1xui64>
    %51:2 = call @take_along_axis_2(%49#0, %50) : (tensor<32x64xf32>, tensor<32x1xui64>) -> (tensor<32x1xf32>, tensor<32x1x1xi32>)
    %cst_10 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %52 = stablehlo.reduce(%51#0 init: %cst_10) applies stablehlo.add across dimensions = [0, 1] : (tensor<32x1xf32>, tensor<f32>) -> tensor<f32>
    %cst_11 = stablehlo.constant dense<3.200000e+01> : tensor<f32>
    %53 = stablehlo.divide %52, %cst_11 : tensor<f32>
    %54 = stablehlo.negate %53 : tensor<f32>
    return %45, %32, %54, %arg5, %17, %arg6, %14, %27, %28, %30, %24, %41, %42, %44, %38, %45, %49#1, %49#2, %51#1 : tensor<32x128xf32>, tensor<32x128xf32>, tensor<f32>, tensor<32x128xf32>, tensor<32x128xf32>, tensor<32x128xf32>, tensor<32x128xf32>, tensor<32x128xf32>, tensor<32x128xf32>, tensor<32x128xf32>, tensor<32x128xf32>, tensor<32x128xf32>, tensor<32x128xf32>, tensor<32x128xf32>, tensor<32x128xf32>, tensor<32x128xf32>, tensor<32x64xf32>, tensor<32x1xf32>, tensor<32x1x1xi32>
  }
  func.func private @log_softmax_1(%arg0: tensor<32x64xf32>) -> (tensor<32x64xf32>, tensor<32x64xf32>, tensor<32x1xf32>) {
    %cst = stablehlo.constant dense<0xFF800000> : tensor<f32>
    %0 = stablehlo.reduce(%arg0 init: %cst) applies stablehlo.maximum across dimensions = [1] : (tensor<32x64xf32>, tensor<f32>) -> tensor<32xf32>
    %cst_0 = stablehlo.constant dense<0xFF800000> : tensor<f32>
    %1 = stablehlo.broadcast_in_dim %cst_0, dims = [] : (tensor<f32>) -> tensor<32xf32>
    %2 = stablehlo.maximum %1, %0 : tensor<32xf32>
    %3 = stablehlo.broadcast_in_dim %2, dims = [0] : (tensor<32xf32>) -> tensor<32x1xf32>
    %4 = stablehlo.broadcast_in_dim %3, dims = [0, 1] : (tensor<32x1xf32>) -> tensor<32x64xf32>
    %5 = stablehlo.subtract %arg0, %4 : tensor<32x64xf32>
    %6 = stablehlo.exponential %5 : tensor<32x64xf32>
    %cst_1 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %7 = stablehlo.reduce(%6 init: %cst_1) applies stablehlo.add across dimensions = [1] : (tensor<32x64xf32>, tensor<f32>) -> tensor<32xf32>
    %8 = stablehlo.broadcast_in_dim %7, dims = [0] : (tensor<32xf32>) -> tensor<32x1xf32>
    %9 = stablehlo.log %8 : tensor<32x1xf32>
    %10 = stablehlo.broadcast_in_dim %9, dims = [0, 1] : (tensor<32x1xf32>) -> tensor<32x64xf32>
    %11 = stablehlo.subtract %5, %10 : tensor<32x64xf32>
    return %11, %6, %8 : tensor<32x64xf32>, tensor<32x64xf32>, tensor<32x1xf32>
  }
  func.func private @take_along_axis_2(%arg0: tensor<32x64xf32>, %arg1: tensor<32x1xui64>) -> (tensor<32x1xf32>, tensor<32x1x1xi32>) {
    %0 = stablehlo.convert %arg1 : (tensor<32x1xui64>) -> tensor<32x1xi32>
    %c = stablehlo.constant dense<0> : tensor<i32>
    %1 = stablehlo.broadcast_in_dim %c, dims = [] : (tensor<i32>) -> tensor<32x1xi32>
    %2 = stablehlo.compare LT, %0, %1, SIGNED : (tensor<32x1xi32>, tensor<32x1xi32>) -> tensor<32x1xi1>
    %c_0 = stablehlo.constant dense<64> : tensor<i32>
    %3 = stablehlo.broadcast_in_dim %c_0, dims = [] : (tensor<i32>) -> tensor<32x1xi32>
    %4 = stablehlo.add %0, %3 : tensor<32x1xi32>
    %5 = stablehlo.select %2, %4, %0 : tensor<32x1xi1>, tensor<32x1xi32>
    %6 = stablehlo.reshape %5 : (tensor<32x1xi32>) -> tensor<32x1x1xi32>
    %c_1 = stablehlo.constant dense<63> : tensor<1xi32>
    %c_2 = stablehlo.constant dense<0> : tensor<i32>
    %7 = stablehlo.broadcast_in_dim %c_2, dims = [] : (tensor<i32>) -> tensor<32x1x1xi32>
    %8 = stablehlo.compare GE, %6, %7, SIGNED : (tensor<32x1x1xi32>, tensor<32x1x1xi32>) -> tensor<32x1x1xi1>
    %9 = stablehlo.broadcast_in_dim %c_1, dims = [2] : (tensor<1xi32>) -> tensor<1x1x1xi32>
    %10 = stablehlo.broadcast_in_dim %9, dims = [0, 1, 2] : (tensor<1x1x1xi32>) -> tensor<32x1x1xi32>
    %11 = stablehlo.compare LE, %6, %10, SIGNED : (tensor<32x1x1xi32>, tensor<32x1x1xi32>) -> tensor<32x1x1xi1>
    %12 = stablehlo.and %8, %11 : tensor<32x1x1xi1>
    %c_3 = stablehlo.constant dense<true> : tensor<i1>
    %13 = stablehlo.reduce(%12 init: %c_3) applies stablehlo.and across dimensions = [2] : (tensor<32x1x1xi1>, tensor<i1>) -> tensor<32x1xi1>
    %14 = "stablehlo.gather"(%arg0, %6) <{dimension_numbers = #stablehlo.gather<collapsed_slice_dims = [1], operand_batching_dims = [0], start_indices_batching_dims = [0], start_index_map = [1], index_vector_dim = 2>, indices_are_sorted = false, slice_sizes = array<i64: 1, 1>}> : (tensor<32x64xf32>, tensor<32x1x1xi32>) -> tensor<32x1xf32>
    %cst = stablehlo.constant dense<0x7FC00000> : tensor<f32>
    %15 = stablehlo.broadcast_in_dim %cst, dims = [] : (tensor<f32>) -> tensor<32x1xf32>
    %16 = stablehlo.select %13, %14, %15 : tensor<32x1xi1>, tensor<32x1xf32>
    return %16, %6 : tensor<32x1xf32>, tensor<32x1x1xi32>
  }
  func.func private @dynamic_update_index_in_dim(%arg0: tensor<64xf32>, %arg1: tensor<f32>, %arg2: tensor<i64>) -> tensor<64xf32> {
    %0 = stablehlo.broadcast_in_dim %arg1, dims = [] : (tensor<f32>) -> tensor<1xf32>
    %1 = stablehlo.dynamic_update_slice %arg0, %0, %arg2 : (tensor<64xf32>, tensor<1xf32>, tensor<i64>) -> tensor<64xf32>
    return %1 : tensor<64xf32>
  }
  func.func private @dynamic_update_index_in_dim_3(%arg0: tensor<64x32x128xf32>, %arg1: tensor<32x128xf32>, %arg2: tensor<i64>) -> tensor<64x32x128xf32> {
    %0 = stablehlo.broadcast_in_dim %arg1, dims = [1, 2] : (tensor<32x128xf32>) -> tensor<1x32x128xf32>
    %c = stablehlo.constant dense<0> : tensor<i64>
    %c_0 = stablehlo.constant dense<0> : tensor<i64>
    %1 = stablehlo.dynamic_update_slice %arg0, %0, %arg2, %c, %c_0 : (tensor<64x32x128xf32>, tensor<1x32x128xf32>, tensor<i64>, tensor<i64>, tensor<i64>) -> tensor<64x32x128xf32>
    return %1 : tensor<64x32x128xf32>
  }
  func.func private @dynamic_update_index_in_dim_4(%arg0: tensor<64x32x64xf32>, %arg1: tensor<32x64xf32>, %arg2: tensor<i64>) -> tensor<64x32x64xf32> {
    %0 = stablehlo.broadcast_in_dim %arg1, dims = [1, 2] : (tensor<32x64xf32>) -> tensor<1x32x64xf32>
    %c = stablehlo.constant dense<0> : tensor<i64>
    %c_0 = stablehlo.constant dense<0> : tensor<i64>
    %1 = stablehlo.dynamic_update_slice %arg0, %0, %arg2, %c, %c_0 : (tensor<64x32x64xf32>, tensor<1x32x64xf32>, tensor<i64>, tensor<i64>, tensor<i64>) -> tensor<64x32x64xf32>
    return %1 : tensor<64x32x64xf32>
  }
  func.func private @dynamic_update_index_in_dim_5(%arg0: tensor<64x32x1xf32>, %arg1: tensor<32x1xf32>, %arg2: tensor<i64>) -> tensor<64x32x1xf32> {
    %0 = stablehlo.broadcast_in_dim %arg1, dims = [1, 2] : (tensor<32x1xf32>) -> tensor<1x32x1xf32>
    %c = stablehlo.constant dense<0> : tensor<i64>
    %c_0 = stablehlo.constant dense<0> : tensor<i64>
    %1 = stablehlo.dynamic_update_slice %arg0, %0, %arg2, %c, %c_0 : (tensor<64x32x1xf32>, tensor<1x32x1xf32>, tensor<i64>, tensor<i64>, tensor<i64>) -> tensor<64x32x1xf32>
    return %1 : tensor<64x32x1xf32>
  }
  func.func private @dynamic_update_index_in_dim_6(%arg0: tensor<64x32x1x1xi32>, %arg1: tensor<32x1x1xi32>, %arg2: tensor<i64>) -> tensor<64x32x1x1xi32> {
    %0 = stablehlo.broadcast_in_dim %arg1, dims = [1, 2, 3] : (tensor<32x1x1xi32>) -> tensor<1x32x1x1xi32>
    %c = stablehlo.constant dense<0> : tensor<i64>
    %c_0 = stablehlo.constant dense<0> : tensor<i64>
    %c_1 = stablehlo.constant dense<0> : tensor<i64>
    %1 = stablehlo.dynamic_update_slice %arg0, %0, %arg2, %c, %c_0, %c_1 : (tensor<64x32x1x1xi32>, tensor<1x32x1x1xi32>, tensor<i64>, tensor<i64>, tensor<i64>, tensor<i64>) -> tensor<64x32x1x1xi32>
    return %1 : tensor<64x32x1x1xi32>
  }
  func.func private @dynamic_index_in_dim_7(%arg0: tensor<64xf32>, %arg1: tensor<i64>) -> tensor<f32> {
    %0 = stablehlo.dynamic_slice %arg0, %arg1, sizes = [1] : (tensor<64xf32>, tensor<i64>) -> tensor<1xf32>
    %1 = stablehlo.reshape %0 : (tensor<1xf32>) -> tensor<f32>
    return %1 : tensor<f32>
  }
  func.func private @dynamic_index_in_dim_8(%arg0: tensor<64x32x128xf32>, %arg1: tensor<i64>) -> tensor<32x128xf32> {
    %c = stablehlo.constant dense<0> : tensor<i64>
    %c_0 = stablehlo.constant dense<0> : tensor<i64>
    %0 = stablehlo.dynamic_slice %arg0, %arg1, %c, %c_0, sizes = [1, 32, 128] : (tensor<64x32x128xf32>, tensor<i64>, tensor<i64>, tensor<i64>) -> tensor<1x32x128xf32>
    %1 = stablehlo.reshape %0 : (tensor<1x32x128xf32>) -> tensor<32x128xf32>
    return %1 : tensor<32x128xf32>
  }
  func.func private @dynamic_index_in_dim_9(%arg0: tensor<64x32x1xf32>, %arg1: tensor<i64>) -> tensor<32x1xf32> {
    %c = stablehlo.constant dense<0> : tensor<i64>
    %c_0 = stablehlo.constant dense<0> : tensor<i64>
    %0 = stablehlo.dynamic_slice %arg0, %arg1, %c, %c_0, sizes = [1, 32, 1] : (tensor<64x32x1xf32>, tensor<i64>, tensor<i64>, tensor<i64>) -> tensor<1x32x1xf32>
    %1 = stablehlo.reshape %0 : (tensor<1x32x1xf32>) -> tensor<32x1xf32>
    return %1 : tensor<32x1xf32>
  }
  func.func private @dynamic_index_in_dim_10(%arg0: tensor<64x32x1x1xi32>, %arg1: tensor<i64>) -> tensor<32x1x1xi32> {
    %c = stablehlo.constant dense<0> : tensor<i64>
    %c_0 = stablehlo.constant dense<0> : tensor<i64>
    %c_1 = stablehlo.constant dense<0> : tensor<i64>
    %0 = stablehlo.dynamic_slice %arg0, %arg1, %c, %c_0, %c_1, sizes = [1, 32, 1, 1] : (tensor<64x32x1x1xi32>, tensor<i64>, tensor<i64>, tensor<i64>, tensor<i64>) -> tensor<1x32x1x1xi32>
    %1 = stablehlo.reshape %0 : (tensor<1x32x1x1xi32>) -> tensor<32x1x1xi32>
    return %1 : tensor<32x1x1xi32>
  }
  func.func private @closed_call_11(%arg0: tensor<128x512xf32>, %arg1: tensor<128x64xf32>, %arg2: tensor<64x512xf32>, %arg3: tensor<128x512xf32>, %arg4: tensor<512xf32>, %arg5: tensor<128x64xf32>, %arg6: tensor<64xf32>, %arg7: tensor<32x128xf32>, %arg8: tensor<32x128xf32>, %arg9: tensor<f32>, %arg10: tensor<32x64xf32>, %arg11: tensor<32x128xf32>, %arg12: tensor<32x128xf32>, %arg13: tensor<32x128xf32>, %arg14: tensor<32x128xf32>, %arg15: tensor<32x128xf32>, %arg16: tensor<32x128xf32>, %arg17: tensor<32x128xf32>, %arg18: tensor<32x128xf32>, %arg19: tensor<32x128xf32>, %arg20: tensor<32x128xf32>, %arg21: tensor<32x128xf32>, %arg22: tensor<32x128xf32>, %arg23: tensor<32x128xf32>, %arg24: tensor<32x64xf32>, %arg25: tensor<32x1xf32>, %arg26: tensor<32x1x1xi32>) -> (tensor<64x512xf32>, tensor<128x512xf32>, tensor<512xf32>, tensor<128x64xf32>, tensor<64xf32>, tensor<32x128xf32>, tensor<32x128xf32>) {
    %0 = stablehlo.negate %arg9 : tensor<f32>
    %cst = stablehlo.constant dense<3.200000e+01> : tensor<f32>
    %1 = stablehlo.divide %0, %cst : tensor<f32>
    %2 = stablehlo.broadcast_in_dim %1, dims = [] : (tensor<f32>) -> tensor<32x1xf32>
    %3 = call @take_along_axis_12(%arg26, %2) : (tensor<32x1x1xi32>, tensor<32x1xf32>) -> tensor<32x64xf32>
    %4 = call @log_softmax_13(%arg24, %arg25, %3) : (tensor<32x64xf32>, tensor<32x1xf32>, tensor<32x64xf32>) -> tensor<32x64xf32>
    %cst_0 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %5 = stablehlo.reduce(%4 init: %cst_0) applies stablehlo.add across dimensions = [0] : (tensor<32x64xf32>, tensor<f32>) -> tensor<64xf32>
    %6 = stablehlo.reshape %5 : (tensor<64xf32>) -> tensor<1x64xf32>
    %cst_1 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %7 = stablehlo.reduce(%6 init: %cst_1) applies stablehlo.add across dimensions = [0] : (tensor<1x64xf32>, tensor<f32>) -> tensor<64xf32>
    %8 = stablehlo.add %arg6, %7 : tensor<64xf32>
    %9 = stablehlo.dot_general %4, %arg23, contracting_dims = [0] x [0], precision = [DEFAULT, DEFAULT] : (tensor<32x64xf32>, tensor<32x128xf32>) -> tensor<64x128xf32>
    %10 = stablehlo.transpose %9, dims = [1, 0] : (tensor<64x128xf32>) -> tensor<128x64xf32>
    %11 = stablehlo.add %arg5, %10 : tensor<128x64xf32>
    %12 = stablehlo.dot_general %4, %arg1, contracting_dims = [1] x [1], precision = [DEFAULT, DEFAULT] : (tensor<32x64xf32>, tensor<128x64xf32>) -> tensor<32x128xf32>
    %13 = stablehlo.add %arg7, %12 : tensor<32x128xf32>
    %14 = stablehlo.multiply %arg22, %13 : tensor<32x128xf32>
    %15 = stablehlo.multiply %13, %arg20 : tensor<32x128xf32>
    %16 = stablehlo.multiply %14, %arg21 : tensor<32x128xf32>
    %17 = stablehlo.add %arg8, %16 : tensor<32x128xf32>
    %18 = stablehlo.multiply %16, %arg20 : tensor<32x128xf32>
    %19 = stablehlo.add %17, %18 : tensor<32x128xf32>
    %20 = stablehlo.multiply %15, %arg19 : tensor<32x128xf32>
    %21 = stablehlo.multiply %arg18, %19 : tensor<32x128xf32>
    %22 = stablehlo.multiply %19, %arg16 : tensor<32x128xf32>
    %23 = stablehlo.multiply %21, %arg17 : tensor<32x128xf32>
    %24 = stablehlo.multiply %23, %arg16 : tensor<32x128xf32>
    %25 = stablehlo.add %23, %24 : tensor<32x128xf32>
    %26 = stablehlo.multiply %22, %arg15 : tensor<32x128xf32>
    %27 = stablehlo.multiply %arg14, %19 : tensor<32x128xf32>
    %28 = stablehlo.multiply %19, %arg13 : tensor<32x128xf32>
    %29 = stablehlo.multiply %28, %arg12 : tensor<32x128xf32>
    %30 = stablehlo.concatenate %26, %29, %25, %20, dim = 1 : (tensor<32x128xf32>, tensor<32x128xf32>, tensor<32x128xf32>, tensor<32x128xf32>) -> tensor<32x512xf32>
    %cst_2 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %31 = stablehlo.reduce(%30 init: %cst_2) applies stablehlo.add across dimensions = [0] : (tensor<32x512xf32>, tensor<f32>) -> tensor<512xf32>
    %32 = stablehlo.reshape %31 : (tensor<512xf32>) -> tensor<1x512xf32>
    %cst_3 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %33 = stablehlo.reduce(%32 init: %cst_3) applies stablehlo.add across dimensions = [0] : (tensor<1x512xf32>, tensor<f32>) -> tensor<512xf32>
    %34 = stablehlo.add %arg4, %33 : tensor<512xf32>
    %35 = stablehlo.dot_general %30, %arg11, contracting_dims = [0] x [0], precision = [DEFAULT, DEFAULT] : (tensor<32x512xf32>, tensor<32x128xf32>) -> tensor<512x128xf32>
    %36 = stablehlo.transpose %35, dims = [1, 0] : (tensor<512x128xf32>) -> tensor<128x512xf32>
    %37 = stablehlo.add %arg3, %36 : tensor<128x512xf32>
    %38 = stablehlo.dot_general %30, %arg0, contracting_dims = [1] x [1], precision = [DEFAULT, DEFAULT] : (tensor<32x512xf32>, tensor<128x512xf32>) -> tensor<32x128xf32>
    %39 = stablehlo.dot_general %30, %arg10, contracting_dims = [0] x [0], precision = [DEFAULT, DEFAULT] : (tensor<32x512xf32>, tensor<32x64xf32>) -> tensor<512x64xf32>
    %40 = stablehlo.transpose %39, dims = [1, 0] : (tensor<512x64xf32>) -> tensor<64x512xf32>
    %41 = stablehlo.add %arg2, %40 : tensor<64x512xf32>
    return %41, %37, %34, %11, %8, %38, %27 : tensor<64x512xf32>, tensor<128x512xf32>, tensor<512xf32>, tensor<128x64xf32>, tensor<64xf32>, tensor<32x128xf32>, tensor<32x128xf32>
  }
  func.func private @take_along_axis_12(%arg0: tensor<32x1x1xi32>, %arg1: tensor<32x1xf32>) -> tensor<32x64xf32> {
    %cst = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %0 = stablehlo.broadcast_in_dim %cst, dims = [] : (tensor<f32>) -> tensor<32x64xf32>
    %1 = "stablehlo.scatter"(%0, %arg0, %arg1) <{indices_are_sorted = false, scatter_dimension_numbers = #stablehlo.scatter<inserted_window_dims = [1], input_batching_dims = [0], scatter_indices_batching_dims = [0], scatter_dims_to_operand_dims = [1], index_vector_dim = 2>, unique_indices = false}> ({
    ^bb0(%arg2: tensor<f32>, %arg3: tensor<f32>):
      %2 = stablehlo.add %arg2, %arg3 : tensor<f32>
      stablehlo.return %2 : tensor<f32>
    }) : (tensor<32x64xf32>, tensor<32x1x1xi32>, tensor<32x1xf32>) -> tensor<32x64xf32>
    return %1 : tensor<32x64xf32>
  }
  func.func private @log_softmax_13(%arg0: tensor<32x64xf32>, %arg1: tensor<32x1xf32>, %arg2: tensor<32x64xf32>) -> tensor<32x64xf32> {
    %0 = stablehlo.negate %arg2 : tensor<32x64xf32>
    %cst = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %1 = stablehlo.reduce(%0 init: %cst) applies stablehlo.add across dimensions = [1] : (tensor<32x64xf32>, tensor<f32>) -> tensor<32xf32>
    %2 = stablehlo.reshape %1 : (tensor<32xf32>) -> tensor<32x1xf32>
    %3 = stablehlo.divide %2, %arg1 : tensor<32x1xf32>
    %cst_0 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %4 = stablehlo.reduce(%3 init: %cst_0) applies stablehlo.add across dimensions = [1] : (tensor<32x1xf32>, tensor<f32>) -> tensor<32xf32>
    %5 = stablehlo.broadcast_in_dim %4, dims = [0] : (tensor<32xf32>) -> tensor<32x64xf32>
    %6 = stablehlo.multiply %5, %arg0 : tensor<32x64xf32>
    %7 = stablehlo.add %arg2, %6 : tensor<32x64xf32>
    return %7 : tensor<32x64xf32>
  }
}
