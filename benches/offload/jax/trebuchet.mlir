module @jit_both attributes {mhlo.num_partitions = 1 : i32, mhlo.num_replicas = 1 : i32} {
  func.func public @main(%arg0: tensor<f64>, %arg1: tensor<f64>, %arg2: tensor<f64>) -> (tensor<f64> {jax.result_info = "result[0]"}, tensor<f64> {jax.result_info = "result[1]"}, tensor<f64> {jax.result_info = "result[2]"}, tensor<f64> {jax.result_info = "result[3]"}) {
    %cst = stablehlo.constant dense<[2.3981756213385168, 0.000000e+00, 4.7123889803846897, 0.000000e+00, 0.000000e+00, 0.000000e+00]> : tensor<6xf64>
    %0 = stablehlo.iota dim = 0 : tensor<3x3xi64>
    %1 = stablehlo.iota dim = 1 : tensor<3x3xi64>
    %c = stablehlo.constant dense<0> : tensor<i64>
    %2 = stablehlo.broadcast_in_dim %c, dims = [] : (tensor<i64>) -> tensor<3x3xi64>
    %3 = stablehlo.add %0, %2 : tensor<3x3xi64>
    %4 = stablehlo.compare EQ, %3, %1, SIGNED : (tensor<3x3xi64>, tensor<3x3xi64>) -> tensor<3x3xi1>
    %5 = stablehlo.convert %4 : (tensor<3x3xi1>) -> tensor<3x3xf64>
    %6 = stablehlo.slice %5 [0:3, 0:1] : (tensor<3x3xf64>) -> tensor<3x1xf64>
    %7 = stablehlo.reshape %6 : (tensor<3x1xf64>) -> tensor<3xf64>
    %8 = stablehlo.slice %5 [0:3, 1:2] : (tensor<3x3xf64>) -> tensor<3x1xf64>
    %9 = stablehlo.reshape %8 : (tensor<3x1xf64>) -> tensor<3xf64>
    %10 = stablehlo.slice %5 [0:3, 2:3] : (tensor<3x3xf64>) -> tensor<3x1xf64>
    %11 = stablehlo.reshape %10 : (tensor<3x1xf64>) -> tensor<3xf64>
    %cst_0 = stablehlo.constant dense<0.45359237000000002> : tensor<f64>
    %12 = stablehlo.multiply %cst_0, %arg2 : tensor<f64>
    %cst_1 = stablehlo.constant dense<0.45359237000000002> : tensor<f64>
    %13 = stablehlo.broadcast_in_dim %cst_1, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %14 = stablehlo.multiply %13, %11 : tensor<3xf64>
    %cst_2 = stablehlo.constant dense<0.017453292519943295> : tensor<f64>
    %15 = stablehlo.multiply %arg1, %cst_2 : tensor<f64>
    %cst_3 = stablehlo.constant dense<0.017453292519943295> : tensor<f64>
    %16 = stablehlo.broadcast_in_dim %cst_3, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %17 = stablehlo.multiply %9, %16 : tensor<3xf64>
    %18:2 = call @"<lambda>"(%12, %cst, %14) : (tensor<f64>, tensor<6xf64>, tensor<3xf64>) -> (tensor<f64>, tensor<3xf64>)
    %cst_4 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %19 = stablehlo.multiply %cst_4, %18#0 : tensor<f64>
    %cst_5 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %20 = stablehlo.broadcast_in_dim %cst_5, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %21 = stablehlo.multiply %20, %18#1 : tensor<3xf64>
    %cst_6 = stablehlo.constant dense<-1.000000e+00> : tensor<f64>
    %22 = stablehlo.add %cst_6, %19 : tensor<f64>
    %cst_7 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %23 = stablehlo.broadcast_in_dim %cst_7, dims = [] : (tensor<f64>) -> tensor<6xf64>
    %cst_8 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %24 = stablehlo.broadcast_in_dim %cst_8, dims = [] : (tensor<f64>) -> tensor<6xf64>
    %25 = stablehlo.broadcast_in_dim %23, dims = [1] : (tensor<6xf64>) -> tensor<3x6xf64>
    %26 = stablehlo.broadcast_in_dim %24, dims = [1] : (tensor<6xf64>) -> tensor<3x6xf64>
    %c_9 = stablehlo.constant dense<0> : tensor<i64>
    %27:11 = stablehlo.while(%iterArg = %12, %iterArg_106 = %14, %iterArg_107 = %c_9, %iterArg_108 = %cst, %iterArg_109 = %cst, %iterArg_110 = %22, %iterArg_111 = %18#0, %iterArg_112 = %25, %iterArg_113 = %26, %iterArg_114 = %21, %iterArg_115 = %18#1) : tensor<f64>, tensor<3xf64>, tensor<i64>, tensor<6xf64>, tensor<6xf64>, tensor<f64>, tensor<f64>, tensor<3x6xf64>, tensor<3x6xf64>, tensor<3xf64>, tensor<3xf64>
    cond {
      %c_116 = stablehlo.constant dense<1000> : tensor<i64>
      %490 = stablehlo.compare LT, %iterArg_107, %c_116, SIGNED : (tensor<i64>, tensor<i64>) -> tensor<i1>
      %cst_117 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
      %491 = stablehlo.compare GT, %iterArg_110, %cst_117, FLOAT : (tensor<f64>, tensor<f64>) -> tensor<i1>
      %cst_118 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
      %492 = stablehlo.compare LE, %iterArg_111, %cst_118, FLOAT : (tensor<f64>, tensor<f64>) -> tensor<i1>
      %493 = stablehlo.and %491, %492 : tensor<i1>
      %494 = stablehlo.not %493 : tensor<i1>
      %c_119 = stablehlo.constant dense<false> : tensor<i1>
      %495 = stablehlo.broadcast_in_dim %c_119, dims = [] : (tensor<i1>) -> tensor<i1>
      %496 = stablehlo.compare NE, %490, %495, UNSIGNED : (tensor<i1>, tensor<i1>) -> tensor<i1>
      %497 = stablehlo.convert %496 : tensor<i1>
      %498 = stablehlo.and %497, %494 : tensor<i1>
      stablehlo.return %498 : tensor<i1>
    } do {
      %cst_116 = stablehlo.constant dense<5.000000e-03> : tensor<f64>
      %490:2 = func.call @step(%iterArg, %iterArg_109, %cst_116, %iterArg_106, %iterArg_113) : (tensor<f64>, tensor<6xf64>, tensor<f64>, tensor<3xf64>, tensor<3x6xf64>) -> (tensor<6xf64>, tensor<3x6xf64>)
      %c_117 = stablehlo.constant dense<1> : tensor<i64>
      %491 = stablehlo.add %iterArg_107, %c_117 : tensor<i64>
      %492:2 = func.call @"<lambda>_1"(%iterArg, %490#0, %iterArg_106, %490#1) : (tensor<f64>, tensor<6xf64>, tensor<3xf64>, tensor<3x6xf64>) -> (tensor<f64>, tensor<3xf64>)
      stablehlo.return %iterArg, %iterArg_106, %491, %iterArg_109, %490#0, %iterArg_111, %492#0, %iterArg_113, %490#1, %iterArg_115, %492#1 : tensor<f64>, tensor<3xf64>, tensor<i64>, tensor<6xf64>, tensor<6xf64>, tensor<f64>, tensor<f64>, tensor<3x6xf64>, tensor<3x6xf64>, tensor<3xf64>, tensor<3xf64>
    }
    %cst_10 = stablehlo.constant dense<5.000000e-03> : tensor<f64>
    %28 = stablehlo.multiply %cst_10, %27#5 : tensor<f64>
    %cst_11 = stablehlo.constant dense<5.000000e-03> : tensor<f64>
    %29 = stablehlo.broadcast_in_dim %cst_11, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %30 = stablehlo.multiply %29, %27#9 : tensor<3xf64>
    %31 = stablehlo.subtract %27#5, %27#6 : tensor<f64>
    %32 = stablehlo.subtract %27#9, %27#10 : tensor<3xf64>
    %33 = stablehlo.divide %28, %31 : tensor<f64>
    %34 = stablehlo.broadcast_in_dim %31, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %35 = stablehlo.divide %30, %34 : tensor<3xf64>
    %36 = stablehlo.negate %32 : tensor<3xf64>
    %37 = stablehlo.broadcast_in_dim %28, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %38 = stablehlo.multiply %36, %37 : tensor<3xf64>
    %39 = stablehlo.multiply %31, %31 : tensor<f64>
    %cst_12 = stablehlo.constant dense<1.000000e+00> : tensor<f64>
    %40 = stablehlo.divide %cst_12, %39 : tensor<f64>
    %41 = stablehlo.broadcast_in_dim %40, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %42 = stablehlo.multiply %38, %41 : tensor<3xf64>
    %43 = stablehlo.add %35, %42 : tensor<3xf64>
    %cst_13 = stablehlo.constant dense<5.000000e-06> : tensor<f64>
    %44 = stablehlo.add %33, %cst_13 : tensor<f64>
    %45:2 = call @step_2(%12, %27#3, %44, %14, %27#7, %43) : (tensor<f64>, tensor<6xf64>, tensor<f64>, tensor<3xf64>, tensor<3x6xf64>, tensor<3xf64>) -> (tensor<6xf64>, tensor<3x6xf64>)
    %46:2 = call @"<lambda>_3"(%12, %45#0, %14, %45#1) : (tensor<f64>, tensor<6xf64>, tensor<3xf64>, tensor<3x6xf64>) -> (tensor<f64>, tensor<3xf64>)
    %cst_14 = stablehlo.constant dense<5.000000e-06> : tensor<f64>
    %47 = stablehlo.subtract %33, %cst_14 : tensor<f64>
    %48:2 = call @step_2(%12, %27#3, %47, %14, %27#7, %43) : (tensor<f64>, tensor<6xf64>, tensor<f64>, tensor<3xf64>, tensor<3x6xf64>, tensor<3xf64>) -> (tensor<6xf64>, tensor<3x6xf64>)
    %49:2 = call @"<lambda>_3"(%12, %48#0, %14, %48#1) : (tensor<f64>, tensor<6xf64>, tensor<3xf64>, tensor<3x6xf64>) -> (tensor<f64>, tensor<3xf64>)
    %50 = stablehlo.subtract %46#0, %49#0 : tensor<f64>
    %51 = stablehlo.subtract %46#1, %49#1 : tensor<3xf64>
    %52:2 = call @step_2(%12, %27#3, %33, %14, %27#7, %43) : (tensor<f64>, tensor<6xf64>, tensor<f64>, tensor<3xf64>, tensor<3x6xf64>, tensor<3xf64>) -> (tensor<6xf64>, tensor<3x6xf64>)
    %53:2 = call @"<lambda>_3"(%12, %52#0, %14, %52#1) : (tensor<f64>, tensor<6xf64>, tensor<3xf64>, tensor<3x6xf64>) -> (tensor<f64>, tensor<3xf64>)
    %cst_15 = stablehlo.constant dense<2.000000e+00> : tensor<f64>
    %54 = stablehlo.multiply %53#0, %cst_15 : tensor<f64>
    %cst_16 = stablehlo.constant dense<2.000000e+00> : tensor<f64>
    %55 = stablehlo.broadcast_in_dim %cst_16, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %56 = stablehlo.multiply %53#1, %55 : tensor<3xf64>
    %cst_17 = stablehlo.constant dense<5.000000e-06> : tensor<f64>
    %57 = stablehlo.multiply %54, %cst_17 : tensor<f64>
    %cst_18 = stablehlo.constant dense<5.000000e-06> : tensor<f64>
    %58 = stablehlo.broadcast_in_dim %cst_18, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %59 = stablehlo.multiply %56, %58 : tensor<3xf64>
    %60 = stablehlo.divide %57, %50 : tensor<f64>
    %61 = stablehlo.broadcast_in_dim %50, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %62 = stablehlo.divide %59, %61 : tensor<3xf64>
    %63 = stablehlo.negate %51 : tensor<3xf64>
    %64 = stablehlo.broadcast_in_dim %57, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %65 = stablehlo.multiply %63, %64 : tensor<3xf64>
    %66 = stablehlo.multiply %50, %50 : tensor<f64>
    %cst_19 = stablehlo.constant dense<1.000000e+00> : tensor<f64>
    %67 = stablehlo.divide %cst_19, %66 : tensor<f64>
    %68 = stablehlo.broadcast_in_dim %67, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %69 = stablehlo.multiply %65, %68 : tensor<3xf64>
    %70 = stablehlo.add %62, %69 : tensor<3xf64>
    %71 = stablehlo.subtract %33, %60 : tensor<f64>
    %72 = stablehlo.subtract %43, %70 : tensor<3xf64>
    %cst_20 = stablehlo.constant dense<5.000000e-06> : tensor<f64>
    %73 = stablehlo.add %71, %cst_20 : tensor<f64>
    %74:2 = call @step_2(%12, %27#3, %73, %14, %27#7, %72) : (tensor<f64>, tensor<6xf64>, tensor<f64>, tensor<3xf64>, tensor<3x6xf64>, tensor<3xf64>) -> (tensor<6xf64>, tensor<3x6xf64>)
    %75:2 = call @"<lambda>_3"(%12, %74#0, %14, %74#1) : (tensor<f64>, tensor<6xf64>, tensor<3xf64>, tensor<3x6xf64>) -> (tensor<f64>, tensor<3xf64>)
    %cst_21 = stablehlo.constant dense<5.000000e-06> : tensor<f64>
    %76 = stablehlo.subtract %71, %cst_21 : tensor<f64>
    %77:2 = call @step_2(%12, %27#3, %76, %14, %27#7, %72) : (tensor<f64>, tensor<6xf64>, tensor<f64>, tensor<3xf64>, tensor<3x6xf64>, tensor<3xf64>) -> (tensor<6xf64>, tensor<3x6xf64>)
    %78:2 = call @"<lambda>_3"(%12, %77#0, %14, %77#1) : (tensor<f64>, tensor<6xf64>, tensor<3xf64>, tensor<3x6xf64>) -> (tensor<f64>, tensor<3xf64>)
    %79 = stablehlo.subtract %75#0, %78#0 : tensor<f64>
    %80 = stablehlo.subtract %75#1, %78#1 : tensor<3xf64>
    %81:2 = call @step_2(%12, %27#3, %71, %14, %27#7, %72) : (tensor<f64>, tensor<6xf64>, tensor<f64>, tensor<3xf64>, tensor<3x6xf64>, tensor<3xf64>) -> (tensor<6xf64>, tensor<3x6xf64>)
    %82:2 = call @"<lambda>_3"(%12, %81#0, %14, %81#1) : (tensor<f64>, tensor<6xf64>, tensor<3xf64>, tensor<3x6xf64>) -> (tensor<f64>, tensor<3xf64>)
    %cst_22 = stablehlo.constant dense<2.000000e+00> : tensor<f64>
    %83 = stablehlo.multiply %82#0, %cst_22 : tensor<f64>
    %cst_23 = stablehlo.constant dense<2.000000e+00> : tensor<f64>
    %84 = stablehlo.broadcast_in_dim %cst_23, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %85 = stablehlo.multiply %82#1, %84 : tensor<3xf64>
    %cst_24 = stablehlo.constant dense<5.000000e-06> : tensor<f64>
    %86 = stablehlo.multiply %83, %cst_24 : tensor<f64>
    %cst_25 = stablehlo.constant dense<5.000000e-06> : tensor<f64>
    %87 = stablehlo.broadcast_in_dim %cst_25, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %88 = stablehlo.multiply %85, %87 : tensor<3xf64>
    %89 = stablehlo.divide %86, %79 : tensor<f64>
    %90 = stablehlo.broadcast_in_dim %79, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %91 = stablehlo.divide %88, %90 : tensor<3xf64>
    %92 = stablehlo.negate %80 : tensor<3xf64>
    %93 = stablehlo.broadcast_in_dim %86, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %94 = stablehlo.multiply %92, %93 : tensor<3xf64>
    %95 = stablehlo.multiply %79, %79 : tensor<f64>
    %cst_26 = stablehlo.constant dense<1.000000e+00> : tensor<f64>
    %96 = stablehlo.divide %cst_26, %95 : tensor<f64>
    %97 = stablehlo.broadcast_in_dim %96, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %98 = stablehlo.multiply %94, %97 : tensor<3xf64>
    %99 = stablehlo.add %91, %98 : tensor<3xf64>
    %100 = stablehlo.subtract %71, %89 : tensor<f64>
    %101 = stablehlo.subtract %72, %99 : tensor<3xf64>
    %cst_27 = stablehlo.constant dense<5.000000e-06> : tensor<f64>
    %102 = stablehlo.add %100, %cst_27 : tensor<f64>
    %103:2 = call @step_2(%12, %27#3, %102, %14, %27#7, %101) : (tensor<f64>, tensor<6xf64>, tensor<f64>, tensor<3xf64>, tensor<3x6xf64>, tensor<3xf64>) -> (tensor<6xf64>, tensor<3x6xf64>)
    %104:2 = call @"<lambda>_3"(%12, %103#0, %14, %103#1) : (tensor<f64>, tensor<6xf64>, tensor<3xf64>, tensor<3x6xf64>) -> (tensor<f64>, tensor<3xf64>)
    %cst_28 = stablehlo.constant dense<5.000000e-06> : tensor<f64>
    %105 = stablehlo.subtract %100, %cst_28 : tensor<f64>
    %106:2 = call @step_2(%12, %27#3, %105, %14, %27#7, %101) : (tensor<f64>, tensor<6xf64>, tensor<f64>, tensor<3xf64>, tensor<3x6xf64>, tensor<3xf64>) -> (tensor<6xf64>, tensor<3x6xf64>)
    %107:2 = call @"<lambda>_3"(%12, %106#0, %14, %106#1) : (tensor<f64>, tensor<6xf64>, tensor<3xf64>, tensor<3x6xf64>) -> (tensor<f64>, tensor<3xf64>)
    %108 = stablehlo.subtract %104#0, %107#0 : tensor<f64>
    %109 = stablehlo.subtract %104#1, %107#1 : tensor<3xf64>
    %110:2 = call @step_2(%12, %27#3, %100, %14, %27#7, %101) : (tensor<f64>, tensor<6xf64>, tensor<f64>, tensor<3xf64>, tensor<3x6xf64>, tensor<3xf64>) -> (tensor<6xf64>, tensor<3x6xf64>)
    %111:2 = call @"<lambda>_3"(%12, %110#0, %14, %110#1) : (tensor<f64>, tensor<6xf64>, tensor<3xf64>, tensor<3x6xf64>) -> (tensor<f64>, tensor<3xf64>)
    %cst_29 = stablehlo.constant dense<2.000000e+00> : tensor<f64>
    %112 = stablehlo.multiply %111#0, %cst_29 : tensor<f64>
    %cst_30 = stablehlo.constant dense<2.000000e+00> : tensor<f64>
    %113 = stablehlo.broadcast_in_dim %cst_30, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %114 = stablehlo.multiply %111#1, %113 : tensor<3xf64>
    %cst_31 = stablehlo.constant dense<5.000000e-06> : tensor<f64>
    %115 = stablehlo.multiply %112, %cst_31 : tensor<f64>
    %cst_32 = stablehlo.constant dense<5.000000e-06> : tensor<f64>
    %116 = stablehlo.broadcast_in_dim %cst_32, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %117 = stablehlo.multiply %114, %116 : tensor<3xf64>
    %118 = stablehlo.divide %115, %108 : tensor<f64>
    %119 = stablehlo.broadcast_in_dim %108, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %120 = stablehlo.divide %117, %119 : tensor<3xf64>
    %121 = stablehlo.negate %109 : tensor<3xf64>
    %122 = stablehlo.broadcast_in_dim %115, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %123 = stablehlo.multiply %121, %122 : tensor<3xf64>
    %124 = stablehlo.multiply %108, %108 : tensor<f64>
    %cst_33 = stablehlo.constant dense<1.000000e+00> : tensor<f64>
    %125 = stablehlo.divide %cst_33, %124 : tensor<f64>
    %126 = stablehlo.broadcast_in_dim %125, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %127 = stablehlo.multiply %123, %126 : tensor<3xf64>
    %128 = stablehlo.add %120, %127 : tensor<3xf64>
    %129 = stablehlo.subtract %100, %118 : tensor<f64>
    %130 = stablehlo.subtract %101, %128 : tensor<3xf64>
    %131:2 = call @step_2(%12, %27#3, %129, %14, %27#7, %130) : (tensor<f64>, tensor<6xf64>, tensor<f64>, tensor<3xf64>, tensor<3x6xf64>, tensor<3xf64>) -> (tensor<6xf64>, tensor<3x6xf64>)
    %132:2 = call @above(%15, %131#0, %17, %131#1) : (tensor<f64>, tensor<6xf64>, tensor<3xf64>, tensor<3x6xf64>) -> (tensor<f64>, tensor<3xf64>)
    %cst_34 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %133 = stablehlo.multiply %cst_34, %132#0 : tensor<f64>
    %cst_35 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %134 = stablehlo.broadcast_in_dim %cst_35, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %135 = stablehlo.multiply %134, %132#1 : tensor<3xf64>
    %cst_36 = stablehlo.constant dense<-1.000000e+00> : tensor<f64>
    %136 = stablehlo.add %cst_36, %133 : tensor<f64>
    %c_37 = stablehlo.constant dense<0> : tensor<i64>
    %137:13 = stablehlo.while(%iterArg = %12, %iterArg_106 = %15, %iterArg_107 = %14, %iterArg_108 = %17, %iterArg_109 = %c_37, %iterArg_110 = %131#0, %iterArg_111 = %131#0, %iterArg_112 = %136, %iterArg_113 = %132#0, %iterArg_114 = %131#1, %iterArg_115 = %131#1, %iterArg_116 = %135, %iterArg_117 = %132#1) : tensor<f64>, tensor<f64>, tensor<3xf64>, tensor<3xf64>, tensor<i64>, tensor<6xf64>, tensor<6xf64>, tensor<f64>, tensor<f64>, tensor<3x6xf64>, tensor<3x6xf64>, tensor<3xf64>, tensor<3xf64>
    cond {
      %c_118 = stablehlo.constant dense<1000> : tensor<i64>
      %490 = stablehlo.compare LT, %iterArg_109, %c_118, SIGNED : (tensor<i64>, tensor<i64>) -> tensor<i1>
      %cst_119 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
      %491 = stablehlo.compare GT, %iterArg_112, %cst_119, FLOAT : (tensor<f64>, tensor<f64>) -> tensor<i1>
      %cst_120 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
      %492 = stablehlo.compare LE, %iterArg_113, %cst_120, FLOAT : (tensor<f64>, tensor<f64>) -> tensor<i1>
      %493 = stablehlo.and %491, %492 : tensor<i1>
      %494 = stablehlo.not %493 : tensor<i1>
      %c_121 = stablehlo.constant dense<false> : tensor<i1>
      %495 = stablehlo.broadcast_in_dim %c_121, dims = [] : (tensor<i1>) -> tensor<i1>
      %496 = stablehlo.compare NE, %490, %495, UNSIGNED : (tensor<i1>, tensor<i1>) -> tensor<i1>
      %497 = stablehlo.convert %496 : tensor<i1>
      %498 = stablehlo.and %497, %494 : tensor<i1>
      stablehlo.return %498 : tensor<i1>
    } do {
      %cst_118 = stablehlo.constant dense<5.000000e-03> : tensor<f64>
      %490:2 = func.call @step_4(%iterArg, %iterArg_111, %cst_118, %iterArg_107, %iterArg_115) : (tensor<f64>, tensor<6xf64>, tensor<f64>, tensor<3xf64>, tensor<3x6xf64>) -> (tensor<6xf64>, tensor<3x6xf64>)
      %c_119 = stablehlo.constant dense<1> : tensor<i64>
      %491 = stablehlo.add %iterArg_109, %c_119 : tensor<i64>
      %492:2 = func.call @above_6(%iterArg_106, %490#0, %iterArg_108, %490#1) : (tensor<f64>, tensor<6xf64>, tensor<3xf64>, tensor<3x6xf64>) -> (tensor<f64>, tensor<3xf64>)
      stablehlo.return %iterArg, %iterArg_106, %iterArg_107, %iterArg_108, %491, %iterArg_111, %490#0, %iterArg_113, %492#0, %iterArg_115, %490#1, %iterArg_117, %492#1 : tensor<f64>, tensor<f64>, tensor<3xf64>, tensor<3xf64>, tensor<i64>, tensor<6xf64>, tensor<6xf64>, tensor<f64>, tensor<f64>, tensor<3x6xf64>, tensor<3x6xf64>, tensor<3xf64>, tensor<3xf64>
    }
    %cst_38 = stablehlo.constant dense<5.000000e-03> : tensor<f64>
    %138 = stablehlo.multiply %cst_38, %137#7 : tensor<f64>
    %cst_39 = stablehlo.constant dense<5.000000e-03> : tensor<f64>
    %139 = stablehlo.broadcast_in_dim %cst_39, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %140 = stablehlo.multiply %139, %137#11 : tensor<3xf64>
    %141 = stablehlo.subtract %137#7, %137#8 : tensor<f64>
    %142 = stablehlo.subtract %137#11, %137#12 : tensor<3xf64>
    %143 = stablehlo.divide %138, %141 : tensor<f64>
    %144 = stablehlo.broadcast_in_dim %141, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %145 = stablehlo.divide %140, %144 : tensor<3xf64>
    %146 = stablehlo.negate %142 : tensor<3xf64>
    %147 = stablehlo.broadcast_in_dim %138, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %148 = stablehlo.multiply %146, %147 : tensor<3xf64>
    %149 = stablehlo.multiply %141, %141 : tensor<f64>
    %cst_40 = stablehlo.constant dense<1.000000e+00> : tensor<f64>
    %150 = stablehlo.divide %cst_40, %149 : tensor<f64>
    %151 = stablehlo.broadcast_in_dim %150, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %152 = stablehlo.multiply %148, %151 : tensor<3xf64>
    %153 = stablehlo.add %145, %152 : tensor<3xf64>
    %cst_41 = stablehlo.constant dense<5.000000e-06> : tensor<f64>
    %154 = stablehlo.add %143, %cst_41 : tensor<f64>
    %155:2 = call @step_7(%12, %137#5, %154, %14, %137#9, %153) : (tensor<f64>, tensor<6xf64>, tensor<f64>, tensor<3xf64>, tensor<3x6xf64>, tensor<3xf64>) -> (tensor<6xf64>, tensor<3x6xf64>)
    %156:2 = call @above(%15, %155#0, %17, %155#1) : (tensor<f64>, tensor<6xf64>, tensor<3xf64>, tensor<3x6xf64>) -> (tensor<f64>, tensor<3xf64>)
    %cst_42 = stablehlo.constant dense<5.000000e-06> : tensor<f64>
    %157 = stablehlo.subtract %143, %cst_42 : tensor<f64>
    %158:2 = call @step_7(%12, %137#5, %157, %14, %137#9, %153) : (tensor<f64>, tensor<6xf64>, tensor<f64>, tensor<3xf64>, tensor<3x6xf64>, tensor<3xf64>) -> (tensor<6xf64>, tensor<3x6xf64>)
    %159:2 = call @above(%15, %158#0, %17, %158#1) : (tensor<f64>, tensor<6xf64>, tensor<3xf64>, tensor<3x6xf64>) -> (tensor<f64>, tensor<3xf64>)
    %160 = stablehlo.subtract %156#0, %159#0 : tensor<f64>
    %161 = stablehlo.subtract %156#1, %159#1 : tensor<3xf64>
    %162:2 = call @step_7(%12, %137#5, %143, %14, %137#9, %153) : (tensor<f64>, tensor<6xf64>, tensor<f64>, tensor<3xf64>, tensor<3x6xf64>, tensor<3xf64>) -> (tensor<6xf64>, tensor<3x6xf64>)
    %163:2 = call @above(%15, %162#0, %17, %162#1) : (tensor<f64>, tensor<6xf64>, tensor<3xf64>, tensor<3x6xf64>) -> (tensor<f64>, tensor<3xf64>)
    %cst_43 = stablehlo.constant dense<2.000000e+00> : tensor<f64>
    %164 = stablehlo.multiply %163#0, %cst_43 : tensor<f64>
    %cst_44 = stablehlo.constant dense<2.000000e+00> : tensor<f64>
    %165 = stablehlo.broadcast_in_dim %cst_44, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %166 = stablehlo.multiply %163#1, %165 : tensor<3xf64>
    %cst_45 = stablehlo.constant dense<5.000000e-06> : tensor<f64>
    %167 = stablehlo.multiply %164, %cst_45 : tensor<f64>
    %cst_46 = stablehlo.constant dense<5.000000e-06> : tensor<f64>
    %168 = stablehlo.broadcast_in_dim %cst_46, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %169 = stablehlo.multiply %166, %168 : tensor<3xf64>
    %170 = stablehlo.divide %167, %160 : tensor<f64>
    %171 = stablehlo.broadcast_in_dim %160, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %172 = stablehlo.divide %169, %171 : tensor<3xf64>
    %173 = stablehlo.negate %161 : tensor<3xf64>
    %174 = stablehlo.broadcast_in_dim %167, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %175 = stablehlo.multiply %173, %174 : tensor<3xf64>
    %176 = stablehlo.multiply %160, %160 : tensor<f64>
    %cst_47 = stablehlo.constant dense<1.000000e+00> : tensor<f64>
    %177 = stablehlo.divide %cst_47, %176 : tensor<f64>
    %178 = stablehlo.broadcast_in_dim %177, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %179 = stablehlo.multiply %175, %178 : tensor<3xf64>
    %180 = stablehlo.add %172, %179 : tensor<3xf64>
    %181 = stablehlo.subtract %143, %170 : tensor<f64>
    %182 = stablehlo.subtract %153, %180 : tensor<3xf64>
    %cst_48 = stablehlo.constant dense<5.000000e-06> : tensor<f64>
    %183 = stablehlo.add %181, %cst_48 : tensor<f64>
    %184:2 = call @step_7(%12, %137#5, %183, %14, %137#9, %182) : (tensor<f64>, tensor<6xf64>, tensor<f64>, tensor<3xf64>, tensor<3x6xf64>, tensor<3xf64>) -> (tensor<6xf64>, tensor<3x6xf64>)
    %185:2 = call @above(%15, %184#0, %17, %184#1) : (tensor<f64>, tensor<6xf64>, tensor<3xf64>, tensor<3x6xf64>) -> (tensor<f64>, tensor<3xf64>)
    %cst_49 = stablehlo.constant dense<5.000000e-06> : tensor<f64>
    %186 = stablehlo.subtract %181, %cst_49 : tensor<f64>
    %187:2 = call @step_7(%12, %137#5, %186, %14, %137#9, %182) : (tensor<f64>, tensor<6xf64>, tensor<f64>, tensor<3xf64>, tensor<3x6xf64>, tensor<3xf64>) -> (tensor<6xf64>, tensor<3x6xf64>)
    %188:2 = call @above(%15, %187#0, %17, %187#1) : (tensor<f64>, tensor<6xf64>, tensor<3xf64>, tensor<3x6xf64>) -> (tensor<f64>, tensor<3xf64>)
    %189 = stablehlo.subtract %185#0, %188#0 : tensor<f64>
    %190 = stablehlo.subtract %185#1, %188#1 : tensor<3xf64>
    %191:2 = call @step_7(%12, %137#5, %181, %14, %137#9, %182) : (tensor<f64>, tensor<6xf64>, tensor<f64>, tensor<3xf64>, tensor<3x6xf64>, tensor<3xf64>) -> (tensor<6xf64>, tensor<3x6xf64>)
    %192:2 = call @above(%15, %191#0, %17, %191#1) : (tensor<f64>, tensor<6xf64>, tensor<3xf64>, tensor<3x6xf64>) -> (tensor<f64>, tensor<3xf64>)
    %cst_50 = stablehlo.constant dense<2.000000e+00> : tensor<f64>
    %193 = stablehlo.multiply %192#0, %cst_50 : tensor<f64>
    %cst_51 = stablehlo.constant dense<2.000000e+00> : tensor<f64>
    %194 = stablehlo.broadcast_in_dim %cst_51, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %195 = stablehlo.multiply %192#1, %194 : tensor<3xf64>
    %cst_52 = stablehlo.constant dense<5.000000e-06> : tensor<f64>
    %196 = stablehlo.multiply %193, %cst_52 : tensor<f64>
    %cst_53 = stablehlo.constant dense<5.000000e-06> : tensor<f64>
    %197 = stablehlo.broadcast_in_dim %cst_53, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %198 = stablehlo.multiply %195, %197 : tensor<3xf64>
    %199 = stablehlo.divide %196, %189 : tensor<f64>
    %200 = stablehlo.broadcast_in_dim %189, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %201 = stablehlo.divide %198, %200 : tensor<3xf64>
    %202 = stablehlo.negate %190 : tensor<3xf64>
    %203 = stablehlo.broadcast_in_dim %196, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %204 = stablehlo.multiply %202, %203 : tensor<3xf64>
    %205 = stablehlo.multiply %189, %189 : tensor<f64>
    %cst_54 = stablehlo.constant dense<1.000000e+00> : tensor<f64>
    %206 = stablehlo.divide %cst_54, %205 : tensor<f64>
    %207 = stablehlo.broadcast_in_dim %206, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %208 = stablehlo.multiply %204, %207 : tensor<3xf64>
    %209 = stablehlo.add %201, %208 : tensor<3xf64>
    %210 = stablehlo.subtract %181, %199 : tensor<f64>
    %211 = stablehlo.subtract %182, %209 : tensor<3xf64>
    %cst_55 = stablehlo.constant dense<5.000000e-06> : tensor<f64>
    %212 = stablehlo.add %210, %cst_55 : tensor<f64>
    %213:2 = call @step_7(%12, %137#5, %212, %14, %137#9, %211) : (tensor<f64>, tensor<6xf64>, tensor<f64>, tensor<3xf64>, tensor<3x6xf64>, tensor<3xf64>) -> (tensor<6xf64>, tensor<3x6xf64>)
    %214:2 = call @above(%15, %213#0, %17, %213#1) : (tensor<f64>, tensor<6xf64>, tensor<3xf64>, tensor<3x6xf64>) -> (tensor<f64>, tensor<3xf64>)
    %cst_56 = stablehlo.constant dense<5.000000e-06> : tensor<f64>
    %215 = stablehlo.subtract %210, %cst_56 : tensor<f64>
    %216:2 = call @step_7(%12, %137#5, %215, %14, %137#9, %211) : (tensor<f64>, tensor<6xf64>, tensor<f64>, tensor<3xf64>, tensor<3x6xf64>, tensor<3xf64>) -> (tensor<6xf64>, tensor<3x6xf64>)
    %217:2 = call @above(%15, %216#0, %17, %216#1) : (tensor<f64>, tensor<6xf64>, tensor<3xf64>, tensor<3x6xf64>) -> (tensor<f64>, tensor<3xf64>)
    %218 = stablehlo.subtract %214#0, %217#0 : tensor<f64>
    %219 = stablehlo.subtract %214#1, %217#1 : tensor<3xf64>
    %220:2 = call @step_7(%12, %137#5, %210, %14, %137#9, %211) : (tensor<f64>, tensor<6xf64>, tensor<f64>, tensor<3xf64>, tensor<3x6xf64>, tensor<3xf64>) -> (tensor<6xf64>, tensor<3x6xf64>)
    %221:2 = call @above(%15, %220#0, %17, %220#1) : (tensor<f64>, tensor<6xf64>, tensor<3xf64>, tensor<3x6xf64>) -> (tensor<f64>, tensor<3xf64>)
    %cst_57 = stablehlo.constant dense<2.000000e+00> : tensor<f64>
    %222 = stablehlo.multiply %221#0, %cst_57 : tensor<f64>
    %cst_58 = stablehlo.constant dense<2.000000e+00> : tensor<f64>
    %223 = stablehlo.broadcast_in_dim %cst_58, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %224 = stablehlo.multiply %221#1, %223 : tensor<3xf64>
    %cst_59 = stablehlo.constant dense<5.000000e-06> : tensor<f64>
    %225 = stablehlo.multiply %222, %cst_59 : tensor<f64>
    %cst_60 = stablehlo.constant dense<5.000000e-06> : tensor<f64>
    %226 = stablehlo.broadcast_in_dim %cst_60, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %227 = stablehlo.multiply %224, %226 : tensor<3xf64>
    %228 = stablehlo.divide %225, %218 : tensor<f64>
    %229 = stablehlo.broadcast_in_dim %218, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %230 = stablehlo.divide %227, %229 : tensor<3xf64>
    %231 = stablehlo.negate %219 : tensor<3xf64>
    %232 = stablehlo.broadcast_in_dim %225, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %233 = stablehlo.multiply %231, %232 : tensor<3xf64>
    %234 = stablehlo.multiply %218, %218 : tensor<f64>
    %cst_61 = stablehlo.constant dense<1.000000e+00> : tensor<f64>
    %235 = stablehlo.divide %cst_61, %234 : tensor<f64>
    %236 = stablehlo.broadcast_in_dim %235, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %237 = stablehlo.multiply %233, %236 : tensor<3xf64>
    %238 = stablehlo.add %230, %237 : tensor<3xf64>
    %239 = stablehlo.subtract %210, %228 : tensor<f64>
    %240 = stablehlo.subtract %211, %238 : tensor<3xf64>
    %241:2 = call @step_7(%12, %137#5, %239, %14, %137#9, %240) : (tensor<f64>, tensor<6xf64>, tensor<f64>, tensor<3xf64>, tensor<3x6xf64>, tensor<3xf64>) -> (tensor<6xf64>, tensor<3x6xf64>)
    %242 = stablehlo.slice %241#0 [0:1] : (tensor<6xf64>) -> tensor<1xf64>
    %243 = stablehlo.slice %241#1 [0:3, 0:1] : (tensor<3x6xf64>) -> tensor<3x1xf64>
    %244 = stablehlo.reshape %242 : (tensor<1xf64>) -> tensor<f64>
    %245 = stablehlo.reshape %243 : (tensor<3x1xf64>) -> tensor<3xf64>
    %246 = stablehlo.slice %241#0 [1:2] : (tensor<6xf64>) -> tensor<1xf64>
    %247 = stablehlo.slice %241#1 [0:3, 1:2] : (tensor<3x6xf64>) -> tensor<3x1xf64>
    %248 = stablehlo.reshape %246 : (tensor<1xf64>) -> tensor<f64>
    %249 = stablehlo.reshape %247 : (tensor<3x1xf64>) -> tensor<3xf64>
    %250 = stablehlo.slice %241#0 [2:3] : (tensor<6xf64>) -> tensor<1xf64>
    %251 = stablehlo.slice %241#1 [0:3, 2:3] : (tensor<3x6xf64>) -> tensor<3x1xf64>
    %252 = stablehlo.reshape %250 : (tensor<1xf64>) -> tensor<f64>
    %253 = stablehlo.reshape %251 : (tensor<3x1xf64>) -> tensor<3xf64>
    %254 = stablehlo.slice %241#0 [3:4] : (tensor<6xf64>) -> tensor<1xf64>
    %255 = stablehlo.slice %241#1 [0:3, 3:4] : (tensor<3x6xf64>) -> tensor<3x1xf64>
    %256 = stablehlo.reshape %254 : (tensor<1xf64>) -> tensor<f64>
    %257 = stablehlo.reshape %255 : (tensor<3x1xf64>) -> tensor<3xf64>
    %258 = stablehlo.slice %241#0 [4:5] : (tensor<6xf64>) -> tensor<1xf64>
    %259 = stablehlo.slice %241#1 [0:3, 4:5] : (tensor<3x6xf64>) -> tensor<3x1xf64>
    %260 = stablehlo.reshape %258 : (tensor<1xf64>) -> tensor<f64>
    %261 = stablehlo.reshape %259 : (tensor<3x1xf64>) -> tensor<3xf64>
    %262 = stablehlo.slice %241#0 [5:6] : (tensor<6xf64>) -> tensor<1xf64>
    %263 = stablehlo.slice %241#1 [0:3, 5:6] : (tensor<3x6xf64>) -> tensor<3x1xf64>
    %264 = stablehlo.reshape %262 : (tensor<1xf64>) -> tensor<f64>
    %265 = stablehlo.reshape %263 : (tensor<3x1xf64>) -> tensor<3xf64>
    %266 = stablehlo.sine %244 : tensor<f64>
    %267 = stablehlo.cosine %244 : tensor<f64>
    %268 = stablehlo.broadcast_in_dim %267, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %269 = stablehlo.multiply %245, %268 : tensor<3xf64>
    %cst_62 = stablehlo.constant dense<-2.0702015999999999> : tensor<f64>
    %270 = stablehlo.multiply %cst_62, %266 : tensor<f64>
    %cst_63 = stablehlo.constant dense<-2.0702015999999999> : tensor<f64>
    %271 = stablehlo.broadcast_in_dim %cst_63, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %272 = stablehlo.multiply %271, %269 : tensor<3xf64>
    %273 = stablehlo.sine %252 : tensor<f64>
    %274 = stablehlo.cosine %252 : tensor<f64>
    %275 = stablehlo.broadcast_in_dim %274, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %276 = stablehlo.multiply %253, %275 : tensor<3xf64>
    %cst_64 = stablehlo.constant dense<2.0826983999999999> : tensor<f64>
    %277 = stablehlo.multiply %cst_64, %273 : tensor<f64>
    %cst_65 = stablehlo.constant dense<2.0826983999999999> : tensor<f64>
    %278 = stablehlo.broadcast_in_dim %cst_65, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %279 = stablehlo.multiply %278, %276 : tensor<3xf64>
    %280 = stablehlo.subtract %270, %277 : tensor<f64>
    %281 = stablehlo.subtract %272, %279 : tensor<3xf64>
    %282 = stablehlo.cosine %244 : tensor<f64>
    %283 = stablehlo.sine %244 : tensor<f64>
    %284 = stablehlo.broadcast_in_dim %283, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %285 = stablehlo.multiply %245, %284 : tensor<3xf64>
    %286 = stablehlo.negate %285 : tensor<3xf64>
    %cst_66 = stablehlo.constant dense<2.0702015999999999> : tensor<f64>
    %287 = stablehlo.multiply %cst_66, %282 : tensor<f64>
    %cst_67 = stablehlo.constant dense<2.0702015999999999> : tensor<f64>
    %288 = stablehlo.broadcast_in_dim %cst_67, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %289 = stablehlo.multiply %288, %286 : tensor<3xf64>
    %290 = stablehlo.cosine %252 : tensor<f64>
    %291 = stablehlo.sine %252 : tensor<f64>
    %292 = stablehlo.broadcast_in_dim %291, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %293 = stablehlo.multiply %253, %292 : tensor<3xf64>
    %294 = stablehlo.negate %293 : tensor<3xf64>
    %cst_68 = stablehlo.constant dense<2.0826983999999999> : tensor<f64>
    %295 = stablehlo.multiply %cst_68, %290 : tensor<f64>
    %cst_69 = stablehlo.constant dense<2.0826983999999999> : tensor<f64>
    %296 = stablehlo.broadcast_in_dim %cst_69, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %297 = stablehlo.multiply %296, %294 : tensor<3xf64>
    %298 = stablehlo.add %287, %295 : tensor<f64>
    %299 = stablehlo.add %289, %297 : tensor<3xf64>
    %300 = stablehlo.cosine %244 : tensor<f64>
    %301 = stablehlo.sine %244 : tensor<f64>
    %302 = stablehlo.broadcast_in_dim %301, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %303 = stablehlo.multiply %245, %302 : tensor<3xf64>
    %304 = stablehlo.negate %303 : tensor<3xf64>
    %cst_70 = stablehlo.constant dense<-2.0702015999999999> : tensor<f64>
    %305 = stablehlo.multiply %cst_70, %300 : tensor<f64>
    %cst_71 = stablehlo.constant dense<-2.0702015999999999> : tensor<f64>
    %306 = stablehlo.broadcast_in_dim %cst_71, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %307 = stablehlo.multiply %306, %304 : tensor<3xf64>
    %308 = stablehlo.multiply %305, %256 : tensor<f64>
    %309 = stablehlo.broadcast_in_dim %256, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %310 = stablehlo.multiply %307, %309 : tensor<3xf64>
    %311 = stablehlo.broadcast_in_dim %305, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %312 = stablehlo.multiply %311, %257 : tensor<3xf64>
    %313 = stablehlo.add %310, %312 : tensor<3xf64>
    %314 = stablehlo.cosine %252 : tensor<f64>
    %315 = stablehlo.sine %252 : tensor<f64>
    %316 = stablehlo.broadcast_in_dim %315, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %317 = stablehlo.multiply %253, %316 : tensor<3xf64>
    %318 = stablehlo.negate %317 : tensor<3xf64>
    %cst_72 = stablehlo.constant dense<2.0826983999999999> : tensor<f64>
    %319 = stablehlo.multiply %cst_72, %314 : tensor<f64>
    %cst_73 = stablehlo.constant dense<2.0826983999999999> : tensor<f64>
    %320 = stablehlo.broadcast_in_dim %cst_73, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %321 = stablehlo.multiply %320, %318 : tensor<3xf64>
    %322 = stablehlo.multiply %319, %264 : tensor<f64>
    %323 = stablehlo.broadcast_in_dim %264, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %324 = stablehlo.multiply %321, %323 : tensor<3xf64>
    %325 = stablehlo.broadcast_in_dim %319, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %326 = stablehlo.multiply %325, %265 : tensor<3xf64>
    %327 = stablehlo.add %324, %326 : tensor<3xf64>
    %328 = stablehlo.subtract %308, %322 : tensor<f64>
    %329 = stablehlo.subtract %313, %327 : tensor<3xf64>
    %330 = stablehlo.sine %244 : tensor<f64>
    %331 = stablehlo.cosine %244 : tensor<f64>
    %332 = stablehlo.broadcast_in_dim %331, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %333 = stablehlo.multiply %245, %332 : tensor<3xf64>
    %cst_74 = stablehlo.constant dense<-2.0702015999999999> : tensor<f64>
    %334 = stablehlo.multiply %cst_74, %330 : tensor<f64>
    %cst_75 = stablehlo.constant dense<-2.0702015999999999> : tensor<f64>
    %335 = stablehlo.broadcast_in_dim %cst_75, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %336 = stablehlo.multiply %335, %333 : tensor<3xf64>
    %337 = stablehlo.multiply %334, %256 : tensor<f64>
    %338 = stablehlo.broadcast_in_dim %256, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %339 = stablehlo.multiply %336, %338 : tensor<3xf64>
    %340 = stablehlo.broadcast_in_dim %334, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %341 = stablehlo.multiply %340, %257 : tensor<3xf64>
    %342 = stablehlo.add %339, %341 : tensor<3xf64>
    %343 = stablehlo.sine %252 : tensor<f64>
    %344 = stablehlo.cosine %252 : tensor<f64>
    %345 = stablehlo.broadcast_in_dim %344, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %346 = stablehlo.multiply %253, %345 : tensor<3xf64>
    %cst_76 = stablehlo.constant dense<2.0826983999999999> : tensor<f64>
    %347 = stablehlo.multiply %cst_76, %343 : tensor<f64>
    %cst_77 = stablehlo.constant dense<2.0826983999999999> : tensor<f64>
    %348 = stablehlo.broadcast_in_dim %cst_77, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %349 = stablehlo.multiply %348, %346 : tensor<3xf64>
    %350 = stablehlo.multiply %347, %264 : tensor<f64>
    %351 = stablehlo.broadcast_in_dim %264, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %352 = stablehlo.multiply %349, %351 : tensor<3xf64>
    %353 = stablehlo.broadcast_in_dim %347, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %354 = stablehlo.multiply %353, %265 : tensor<3xf64>
    %355 = stablehlo.add %352, %354 : tensor<3xf64>
    %356 = stablehlo.subtract %337, %350 : tensor<f64>
    %357 = stablehlo.subtract %342, %355 : tensor<3xf64>
    %358 = stablehlo.broadcast_in_dim %280, dims = [] : (tensor<f64>) -> tensor<1xf64>
    %359 = stablehlo.broadcast_in_dim %298, dims = [] : (tensor<f64>) -> tensor<1xf64>
    %360 = stablehlo.broadcast_in_dim %328, dims = [] : (tensor<f64>) -> tensor<1xf64>
    %361 = stablehlo.broadcast_in_dim %356, dims = [] : (tensor<f64>) -> tensor<1xf64>
    %362 = stablehlo.concatenate %358, %359, %360, %361, dim = 0 : (tensor<1xf64>, tensor<1xf64>, tensor<1xf64>, tensor<1xf64>) -> tensor<4xf64>
    %363 = stablehlo.broadcast_in_dim %281, dims = [1] : (tensor<3xf64>) -> tensor<1x3xf64>
    %364 = stablehlo.broadcast_in_dim %299, dims = [1] : (tensor<3xf64>) -> tensor<1x3xf64>
    %365 = stablehlo.broadcast_in_dim %329, dims = [1] : (tensor<3xf64>) -> tensor<1x3xf64>
    %366 = stablehlo.broadcast_in_dim %357, dims = [1] : (tensor<3xf64>) -> tensor<1x3xf64>
    %367 = stablehlo.concatenate %363, %364, %365, %366, dim = 0 : (tensor<1x3xf64>, tensor<1x3xf64>, tensor<1x3xf64>, tensor<1x3xf64>) -> tensor<4x3xf64>
    %368:2 = call @"<lambda>_8"(%362, %367) : (tensor<4xf64>, tensor<4x3xf64>) -> (tensor<f64>, tensor<3xf64>)
    %cst_78 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %369 = stablehlo.multiply %cst_78, %368#0 : tensor<f64>
    %cst_79 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %370 = stablehlo.broadcast_in_dim %cst_79, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %371 = stablehlo.multiply %370, %368#1 : tensor<3xf64>
    %cst_80 = stablehlo.constant dense<-1.000000e+00> : tensor<f64>
    %372 = stablehlo.add %cst_80, %369 : tensor<f64>
    %373 = stablehlo.transpose %367, dims = [1, 0] : (tensor<4x3xf64>) -> tensor<3x4xf64>
    %374 = stablehlo.transpose %367, dims = [1, 0] : (tensor<4x3xf64>) -> tensor<3x4xf64>
    %c_81 = stablehlo.constant dense<0> : tensor<i64>
    %375:11 = stablehlo.while(%iterArg = %arg0, %iterArg_106 = %7, %iterArg_107 = %c_81, %iterArg_108 = %362, %iterArg_109 = %362, %iterArg_110 = %372, %iterArg_111 = %368#0, %iterArg_112 = %373, %iterArg_113 = %374, %iterArg_114 = %371, %iterArg_115 = %368#1) : tensor<f64>, tensor<3xf64>, tensor<i64>, tensor<4xf64>, tensor<4xf64>, tensor<f64>, tensor<f64>, tensor<3x4xf64>, tensor<3x4xf64>, tensor<3xf64>, tensor<3xf64>
    cond {
      %c_116 = stablehlo.constant dense<1000> : tensor<i64>
      %490 = stablehlo.compare LT, %iterArg_107, %c_116, SIGNED : (tensor<i64>, tensor<i64>) -> tensor<i1>
      %cst_117 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
      %491 = stablehlo.compare GT, %iterArg_110, %cst_117, FLOAT : (tensor<f64>, tensor<f64>) -> tensor<i1>
      %cst_118 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
      %492 = stablehlo.compare LE, %iterArg_111, %cst_118, FLOAT : (tensor<f64>, tensor<f64>) -> tensor<i1>
      %493 = stablehlo.and %491, %492 : tensor<i1>
      %494 = stablehlo.not %493 : tensor<i1>
      %c_119 = stablehlo.constant dense<false> : tensor<i1>
      %495 = stablehlo.broadcast_in_dim %c_119, dims = [] : (tensor<i1>) -> tensor<i1>
      %496 = stablehlo.compare NE, %490, %495, UNSIGNED : (tensor<i1>, tensor<i1>) -> tensor<i1>
      %497 = stablehlo.convert %496 : tensor<i1>
      %498 = stablehlo.and %497, %494 : tensor<i1>
      stablehlo.return %498 : tensor<i1>
    } do {
      %cst_116 = stablehlo.constant dense<1.000000e-01> : tensor<f64>
      %490:2 = func.call @step_9(%iterArg, %iterArg_109, %cst_116, %iterArg_106, %iterArg_113) : (tensor<f64>, tensor<4xf64>, tensor<f64>, tensor<3xf64>, tensor<3x4xf64>) -> (tensor<4xf64>, tensor<3x4xf64>)
      %c_117 = stablehlo.constant dense<1> : tensor<i64>
      %491 = stablehlo.add %iterArg_107, %c_117 : tensor<i64>
      %492:2 = func.call @"<lambda>_10"(%490#0, %490#1) : (tensor<4xf64>, tensor<3x4xf64>) -> (tensor<f64>, tensor<3xf64>)
      stablehlo.return %iterArg, %iterArg_106, %491, %iterArg_109, %490#0, %iterArg_111, %492#0, %iterArg_113, %490#1, %iterArg_115, %492#1 : tensor<f64>, tensor<3xf64>, tensor<i64>, tensor<4xf64>, tensor<4xf64>, tensor<f64>, tensor<f64>, tensor<3x4xf64>, tensor<3x4xf64>, tensor<3xf64>, tensor<3xf64>
    }
    %cst_82 = stablehlo.constant dense<1.000000e-01> : tensor<f64>
    %376 = stablehlo.multiply %cst_82, %375#5 : tensor<f64>
    %cst_83 = stablehlo.constant dense<1.000000e-01> : tensor<f64>
    %377 = stablehlo.broadcast_in_dim %cst_83, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %378 = stablehlo.multiply %377, %375#9 : tensor<3xf64>
    %379 = stablehlo.subtract %375#5, %375#6 : tensor<f64>
    %380 = stablehlo.subtract %375#9, %375#10 : tensor<3xf64>
    %381 = stablehlo.divide %376, %379 : tensor<f64>
    %382 = stablehlo.broadcast_in_dim %379, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %383 = stablehlo.divide %378, %382 : tensor<3xf64>
    %384 = stablehlo.negate %380 : tensor<3xf64>
    %385 = stablehlo.broadcast_in_dim %376, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %386 = stablehlo.multiply %384, %385 : tensor<3xf64>
    %387 = stablehlo.multiply %379, %379 : tensor<f64>
    %cst_84 = stablehlo.constant dense<1.000000e+00> : tensor<f64>
    %388 = stablehlo.divide %cst_84, %387 : tensor<f64>
    %389 = stablehlo.broadcast_in_dim %388, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %390 = stablehlo.multiply %386, %389 : tensor<3xf64>
    %391 = stablehlo.add %383, %390 : tensor<3xf64>
    %cst_85 = stablehlo.constant dense<1.000000e-04> : tensor<f64>
    %392 = stablehlo.add %381, %cst_85 : tensor<f64>
    %393:2 = call @step_11(%arg0, %375#3, %392, %7, %375#7, %391) : (tensor<f64>, tensor<4xf64>, tensor<f64>, tensor<3xf64>, tensor<3x4xf64>, tensor<3xf64>) -> (tensor<4xf64>, tensor<3x4xf64>)
    %394:2 = call @"<lambda>_12"(%393#0, %393#1) : (tensor<4xf64>, tensor<3x4xf64>) -> (tensor<f64>, tensor<3xf64>)
    %cst_86 = stablehlo.constant dense<1.000000e-04> : tensor<f64>
    %395 = stablehlo.subtract %381, %cst_86 : tensor<f64>
    %396:2 = call @step_11(%arg0, %375#3, %395, %7, %375#7, %391) : (tensor<f64>, tensor<4xf64>, tensor<f64>, tensor<3xf64>, tensor<3x4xf64>, tensor<3xf64>) -> (tensor<4xf64>, tensor<3x4xf64>)
    %397:2 = call @"<lambda>_12"(%396#0, %396#1) : (tensor<4xf64>, tensor<3x4xf64>) -> (tensor<f64>, tensor<3xf64>)
    %398 = stablehlo.subtract %394#0, %397#0 : tensor<f64>
    %399 = stablehlo.subtract %394#1, %397#1 : tensor<3xf64>
    %400:2 = call @step_11(%arg0, %375#3, %381, %7, %375#7, %391) : (tensor<f64>, tensor<4xf64>, tensor<f64>, tensor<3xf64>, tensor<3x4xf64>, tensor<3xf64>) -> (tensor<4xf64>, tensor<3x4xf64>)
    %401:2 = call @"<lambda>_12"(%400#0, %400#1) : (tensor<4xf64>, tensor<3x4xf64>) -> (tensor<f64>, tensor<3xf64>)
    %cst_87 = stablehlo.constant dense<2.000000e+00> : tensor<f64>
    %402 = stablehlo.multiply %401#0, %cst_87 : tensor<f64>
    %cst_88 = stablehlo.constant dense<2.000000e+00> : tensor<f64>
    %403 = stablehlo.broadcast_in_dim %cst_88, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %404 = stablehlo.multiply %401#1, %403 : tensor<3xf64>
    %cst_89 = stablehlo.constant dense<1.000000e-04> : tensor<f64>
    %405 = stablehlo.multiply %402, %cst_89 : tensor<f64>
    %cst_90 = stablehlo.constant dense<1.000000e-04> : tensor<f64>
    %406 = stablehlo.broadcast_in_dim %cst_90, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %407 = stablehlo.multiply %404, %406 : tensor<3xf64>
    %408 = stablehlo.divide %405, %398 : tensor<f64>
    %409 = stablehlo.broadcast_in_dim %398, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %410 = stablehlo.divide %407, %409 : tensor<3xf64>
    %411 = stablehlo.negate %399 : tensor<3xf64>
    %412 = stablehlo.broadcast_in_dim %405, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %413 = stablehlo.multiply %411, %412 : tensor<3xf64>
    %414 = stablehlo.multiply %398, %398 : tensor<f64>
    %cst_91 = stablehlo.constant dense<1.000000e+00> : tensor<f64>
    %415 = stablehlo.divide %cst_91, %414 : tensor<f64>
    %416 = stablehlo.broadcast_in_dim %415, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %417 = stablehlo.multiply %413, %416 : tensor<3xf64>
    %418 = stablehlo.add %410, %417 : tensor<3xf64>
    %419 = stablehlo.subtract %381, %408 : tensor<f64>
    %420 = stablehlo.subtract %391, %418 : tensor<3xf64>
    %cst_92 = stablehlo.constant dense<1.000000e-04> : tensor<f64>
    %421 = stablehlo.add %419, %cst_92 : tensor<f64>
    %422:2 = call @step_11(%arg0, %375#3, %421, %7, %375#7, %420) : (tensor<f64>, tensor<4xf64>, tensor<f64>, tensor<3xf64>, tensor<3x4xf64>, tensor<3xf64>) -> (tensor<4xf64>, tensor<3x4xf64>)
    %423:2 = call @"<lambda>_12"(%422#0, %422#1) : (tensor<4xf64>, tensor<3x4xf64>) -> (tensor<f64>, tensor<3xf64>)
    %cst_93 = stablehlo.constant dense<1.000000e-04> : tensor<f64>
    %424 = stablehlo.subtract %419, %cst_93 : tensor<f64>
    %425:2 = call @step_11(%arg0, %375#3, %424, %7, %375#7, %420) : (tensor<f64>, tensor<4xf64>, tensor<f64>, tensor<3xf64>, tensor<3x4xf64>, tensor<3xf64>) -> (tensor<4xf64>, tensor<3x4xf64>)
    %426:2 = call @"<lambda>_12"(%425#0, %425#1) : (tensor<4xf64>, tensor<3x4xf64>) -> (tensor<f64>, tensor<3xf64>)
    %427 = stablehlo.subtract %423#0, %426#0 : tensor<f64>
    %428 = stablehlo.subtract %423#1, %426#1 : tensor<3xf64>
    %429:2 = call @step_11(%arg0, %375#3, %419, %7, %375#7, %420) : (tensor<f64>, tensor<4xf64>, tensor<f64>, tensor<3xf64>, tensor<3x4xf64>, tensor<3xf64>) -> (tensor<4xf64>, tensor<3x4xf64>)
    %430:2 = call @"<lambda>_12"(%429#0, %429#1) : (tensor<4xf64>, tensor<3x4xf64>) -> (tensor<f64>, tensor<3xf64>)
    %cst_94 = stablehlo.constant dense<2.000000e+00> : tensor<f64>
    %431 = stablehlo.multiply %430#0, %cst_94 : tensor<f64>
    %cst_95 = stablehlo.constant dense<2.000000e+00> : tensor<f64>
    %432 = stablehlo.broadcast_in_dim %cst_95, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %433 = stablehlo.multiply %430#1, %432 : tensor<3xf64>
    %cst_96 = stablehlo.constant dense<1.000000e-04> : tensor<f64>
    %434 = stablehlo.multiply %431, %cst_96 : tensor<f64>
    %cst_97 = stablehlo.constant dense<1.000000e-04> : tensor<f64>
    %435 = stablehlo.broadcast_in_dim %cst_97, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %436 = stablehlo.multiply %433, %435 : tensor<3xf64>
    %437 = stablehlo.divide %434, %427 : tensor<f64>
    %438 = stablehlo.broadcast_in_dim %427, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %439 = stablehlo.divide %436, %438 : tensor<3xf64>
    %440 = stablehlo.negate %428 : tensor<3xf64>
    %441 = stablehlo.broadcast_in_dim %434, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %442 = stablehlo.multiply %440, %441 : tensor<3xf64>
    %443 = stablehlo.multiply %427, %427 : tensor<f64>
    %cst_98 = stablehlo.constant dense<1.000000e+00> : tensor<f64>
    %444 = stablehlo.divide %cst_98, %443 : tensor<f64>
    %445 = stablehlo.broadcast_in_dim %444, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %446 = stablehlo.multiply %442, %445 : tensor<3xf64>
    %447 = stablehlo.add %439, %446 : tensor<3xf64>
    %448 = stablehlo.subtract %419, %437 : tensor<f64>
    %449 = stablehlo.subtract %420, %447 : tensor<3xf64>
    %cst_99 = stablehlo.constant dense<1.000000e-04> : tensor<f64>
    %450 = stablehlo.add %448, %cst_99 : tensor<f64>
    %451:2 = call @step_11(%arg0, %375#3, %450, %7, %375#7, %449) : (tensor<f64>, tensor<4xf64>, tensor<f64>, tensor<3xf64>, tensor<3x4xf64>, tensor<3xf64>) -> (tensor<4xf64>, tensor<3x4xf64>)
    %452:2 = call @"<lambda>_12"(%451#0, %451#1) : (tensor<4xf64>, tensor<3x4xf64>) -> (tensor<f64>, tensor<3xf64>)
    %cst_100 = stablehlo.constant dense<1.000000e-04> : tensor<f64>
    %453 = stablehlo.subtract %448, %cst_100 : tensor<f64>
    %454:2 = call @step_11(%arg0, %375#3, %453, %7, %375#7, %449) : (tensor<f64>, tensor<4xf64>, tensor<f64>, tensor<3xf64>, tensor<3x4xf64>, tensor<3xf64>) -> (tensor<4xf64>, tensor<3x4xf64>)
    %455:2 = call @"<lambda>_12"(%454#0, %454#1) : (tensor<4xf64>, tensor<3x4xf64>) -> (tensor<f64>, tensor<3xf64>)
    %456 = stablehlo.subtract %452#0, %455#0 : tensor<f64>
    %457 = stablehlo.subtract %452#1, %455#1 : tensor<3xf64>
    %458:2 = call @step_11(%arg0, %375#3, %448, %7, %375#7, %449) : (tensor<f64>, tensor<4xf64>, tensor<f64>, tensor<3xf64>, tensor<3x4xf64>, tensor<3xf64>) -> (tensor<4xf64>, tensor<3x4xf64>)
    %459:2 = call @"<lambda>_12"(%458#0, %458#1) : (tensor<4xf64>, tensor<3x4xf64>) -> (tensor<f64>, tensor<3xf64>)
    %cst_101 = stablehlo.constant dense<2.000000e+00> : tensor<f64>
    %460 = stablehlo.multiply %459#0, %cst_101 : tensor<f64>
    %cst_102 = stablehlo.constant dense<2.000000e+00> : tensor<f64>
    %461 = stablehlo.broadcast_in_dim %cst_102, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %462 = stablehlo.multiply %459#1, %461 : tensor<3xf64>
    %cst_103 = stablehlo.constant dense<1.000000e-04> : tensor<f64>
    %463 = stablehlo.multiply %460, %cst_103 : tensor<f64>
    %cst_104 = stablehlo.constant dense<1.000000e-04> : tensor<f64>
    %464 = stablehlo.broadcast_in_dim %cst_104, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %465 = stablehlo.multiply %462, %464 : tensor<3xf64>
    %466 = stablehlo.divide %463, %456 : tensor<f64>
    %467 = stablehlo.broadcast_in_dim %456, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %468 = stablehlo.divide %465, %467 : tensor<3xf64>
    %469 = stablehlo.negate %457 : tensor<3xf64>
    %470 = stablehlo.broadcast_in_dim %463, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %471 = stablehlo.multiply %469, %470 : tensor<3xf64>
    %472 = stablehlo.multiply %456, %456 : tensor<f64>
    %cst_105 = stablehlo.constant dense<1.000000e+00> : tensor<f64>
    %473 = stablehlo.divide %cst_105, %472 : tensor<f64>
    %474 = stablehlo.broadcast_in_dim %473, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %475 = stablehlo.multiply %471, %474 : tensor<3xf64>
    %476 = stablehlo.add %468, %475 : tensor<3xf64>
    %477 = stablehlo.subtract %448, %466 : tensor<f64>
    %478 = stablehlo.subtract %449, %476 : tensor<3xf64>
    %479:2 = call @step_11(%arg0, %375#3, %477, %7, %375#7, %478) : (tensor<f64>, tensor<4xf64>, tensor<f64>, tensor<3xf64>, tensor<3x4xf64>, tensor<3xf64>) -> (tensor<4xf64>, tensor<3x4xf64>)
    %480 = stablehlo.slice %479#0 [0:1] : (tensor<4xf64>) -> tensor<1xf64>
    %481 = stablehlo.slice %479#1 [0:3, 0:1] : (tensor<3x4xf64>) -> tensor<3x1xf64>
    %482 = stablehlo.reshape %480 : (tensor<1xf64>) -> tensor<f64>
    %483 = stablehlo.reshape %481 : (tensor<3x1xf64>) -> tensor<3xf64>
    %484 = stablehlo.slice %483 [0:1] : (tensor<3xf64>) -> tensor<1xf64>
    %485 = stablehlo.reshape %484 : (tensor<1xf64>) -> tensor<f64>
    %486 = stablehlo.slice %483 [1:2] : (tensor<3xf64>) -> tensor<1xf64>
    %487 = stablehlo.reshape %486 : (tensor<1xf64>) -> tensor<f64>
    %488 = stablehlo.slice %483 [2:3] : (tensor<3xf64>) -> tensor<1xf64>
    %489 = stablehlo.reshape %488 : (tensor<1xf64>) -> tensor<f64>
    return %482, %485, %487, %489 : tensor<f64>, tensor<f64>, tensor<f64>, tensor<f64>
  }
  func.func private @"<lambda>"(%arg0: tensor<f64>, %arg1: tensor<6xf64>, %arg2: tensor<3xf64>) -> (tensor<f64>, tensor<3xf64>) {
    %0 = stablehlo.slice %arg1 [0:1] : (tensor<6xf64>) -> tensor<1xf64>
    %1 = stablehlo.reshape %0 : (tensor<1xf64>) -> tensor<f64>
    %2 = stablehlo.slice %arg1 [1:2] : (tensor<6xf64>) -> tensor<1xf64>
    %3 = stablehlo.reshape %2 : (tensor<1xf64>) -> tensor<f64>
    %4 = stablehlo.slice %arg1 [2:3] : (tensor<6xf64>) -> tensor<1xf64>
    %5 = stablehlo.reshape %4 : (tensor<1xf64>) -> tensor<f64>
    %6 = stablehlo.slice %arg1 [3:4] : (tensor<6xf64>) -> tensor<1xf64>
    %7 = stablehlo.reshape %6 : (tensor<1xf64>) -> tensor<f64>
    %8 = stablehlo.slice %arg1 [4:5] : (tensor<6xf64>) -> tensor<1xf64>
    %9 = stablehlo.reshape %8 : (tensor<1xf64>) -> tensor<f64>
    %10 = stablehlo.slice %arg1 [5:6] : (tensor<6xf64>) -> tensor<1xf64>
    %11 = stablehlo.reshape %10 : (tensor<1xf64>) -> tensor<f64>
    %12 = stablehlo.slice %arg1 [0:1] : (tensor<6xf64>) -> tensor<1xf64>
    %13 = stablehlo.reshape %12 : (tensor<1xf64>) -> tensor<f64>
    %14 = stablehlo.slice %arg1 [1:2] : (tensor<6xf64>) -> tensor<1xf64>
    %15 = stablehlo.reshape %14 : (tensor<1xf64>) -> tensor<f64>
    %16 = stablehlo.slice %arg1 [2:3] : (tensor<6xf64>) -> tensor<1xf64>
    %17 = stablehlo.reshape %16 : (tensor<1xf64>) -> tensor<f64>
    %18 = stablehlo.slice %arg1 [3:4] : (tensor<6xf64>) -> tensor<1xf64>
    %19 = stablehlo.reshape %18 : (tensor<1xf64>) -> tensor<f64>
    %20 = stablehlo.slice %arg1 [4:5] : (tensor<6xf64>) -> tensor<1xf64>
    %21 = stablehlo.reshape %20 : (tensor<1xf64>) -> tensor<f64>
    %22 = stablehlo.slice %arg1 [5:6] : (tensor<6xf64>) -> tensor<1xf64>
    %23 = stablehlo.reshape %22 : (tensor<1xf64>) -> tensor<f64>
    %cst = stablehlo.constant dense<0.28451556> : tensor<f64>
    %24 = stablehlo.multiply %arg0, %cst : tensor<f64>
    %cst_0 = stablehlo.constant dense<0.28451556> : tensor<f64>
    %25 = stablehlo.broadcast_in_dim %cst_0, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %26 = stablehlo.multiply %arg2, %25 : tensor<3xf64>
    %cst_1 = stablehlo.constant dense<2.8944122836731561> : tensor<f64>
    %27 = stablehlo.add %cst_1, %24 : tensor<f64>
    %cst_2 = stablehlo.constant dense<0.63762430634225065> : tensor<f64>
    %28 = stablehlo.add %27, %cst_2 : tensor<f64>
    %cst_3 = stablehlo.constant dense<0.37161216000000002> : tensor<f64>
    %29 = stablehlo.multiply %arg0, %cst_3 : tensor<f64>
    %cst_4 = stablehlo.constant dense<0.37161216000000002> : tensor<f64>
    %30 = stablehlo.broadcast_in_dim %cst_4, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %31 = stablehlo.multiply %arg2, %30 : tensor<3xf64>
    %cst_5 = stablehlo.constant dense<2.7288719786342384> : tensor<f64>
    %32 = stablehlo.add %cst_5, %29 : tensor<f64>
    %cst_6 = stablehlo.constant dense<5.334000e-01> : tensor<f64>
    %33 = stablehlo.multiply %arg0, %cst_6 : tensor<f64>
    %cst_7 = stablehlo.constant dense<5.334000e-01> : tensor<f64>
    %34 = stablehlo.broadcast_in_dim %cst_7, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %35 = stablehlo.multiply %arg2, %34 : tensor<3xf64>
    %cst_8 = stablehlo.constant dense<6.096000e-01> : tensor<f64>
    %36 = stablehlo.multiply %33, %cst_8 : tensor<f64>
    %cst_9 = stablehlo.constant dense<6.096000e-01> : tensor<f64>
    %37 = stablehlo.broadcast_in_dim %cst_9, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %38 = stablehlo.multiply %35, %37 : tensor<3xf64>
    %cst_10 = stablehlo.constant dense<5.334000e-01> : tensor<f64>
    %39 = stablehlo.multiply %arg0, %cst_10 : tensor<f64>
    %cst_11 = stablehlo.constant dense<5.334000e-01> : tensor<f64>
    %40 = stablehlo.broadcast_in_dim %cst_11, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %41 = stablehlo.multiply %arg2, %40 : tensor<3xf64>
    %cst_12 = stablehlo.constant dense<4.0199599500471406> : tensor<f64>
    %42 = stablehlo.subtract %cst_12, %39 : tensor<f64>
    %43 = stablehlo.negate %41 : tensor<3xf64>
    %44 = stablehlo.subtract %15, %13 : tensor<f64>
    %45 = stablehlo.sine %44 : tensor<f64>
    %46 = stablehlo.multiply %36, %45 : tensor<f64>
    %47 = stablehlo.broadcast_in_dim %45, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %48 = stablehlo.multiply %38, %47 : tensor<3xf64>
    %49 = stablehlo.multiply %46, %21 : tensor<f64>
    %50 = stablehlo.broadcast_in_dim %21, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %51 = stablehlo.multiply %48, %50 : tensor<3xf64>
    %52 = stablehlo.multiply %49, %21 : tensor<f64>
    %53 = stablehlo.broadcast_in_dim %21, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %54 = stablehlo.multiply %51, %53 : tensor<3xf64>
    %55 = stablehlo.subtract %17, %13 : tensor<f64>
    %56 = stablehlo.sine %55 : tensor<f64>
    %cst_13 = stablehlo.constant dense<0.64147333410432839> : tensor<f64>
    %57 = stablehlo.multiply %cst_13, %56 : tensor<f64>
    %58 = stablehlo.multiply %57, %23 : tensor<f64>
    %59 = stablehlo.multiply %58, %23 : tensor<f64>
    %60 = stablehlo.add %52, %59 : tensor<f64>
    %cst_14 = stablehlo.constant dense<9.8066499999999994> : tensor<f64>
    %61 = stablehlo.multiply %cst_14, %42 : tensor<f64>
    %cst_15 = stablehlo.constant dense<9.8066499999999994> : tensor<f64>
    %62 = stablehlo.broadcast_in_dim %cst_15, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %63 = stablehlo.multiply %62, %43 : tensor<3xf64>
    %64 = stablehlo.sine %13 : tensor<f64>
    %65 = stablehlo.multiply %61, %64 : tensor<f64>
    %66 = stablehlo.broadcast_in_dim %64, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %67 = stablehlo.multiply %63, %66 : tensor<3xf64>
    %68 = stablehlo.add %60, %65 : tensor<f64>
    %69 = stablehlo.add %54, %67 : tensor<3xf64>
    %70 = stablehlo.negate %36 : tensor<f64>
    %71 = stablehlo.negate %38 : tensor<3xf64>
    %72 = stablehlo.subtract %15, %13 : tensor<f64>
    %73 = stablehlo.sine %72 : tensor<f64>
    %74 = stablehlo.multiply %70, %73 : tensor<f64>
    %75 = stablehlo.broadcast_in_dim %73, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %76 = stablehlo.multiply %71, %75 : tensor<3xf64>
    %77 = stablehlo.multiply %74, %19 : tensor<f64>
    %78 = stablehlo.broadcast_in_dim %19, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %79 = stablehlo.multiply %76, %78 : tensor<3xf64>
    %80 = stablehlo.multiply %77, %19 : tensor<f64>
    %81 = stablehlo.broadcast_in_dim %19, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %82 = stablehlo.multiply %79, %81 : tensor<3xf64>
    %cst_16 = stablehlo.constant dense<9.8066499999999994> : tensor<f64>
    %83 = stablehlo.multiply %cst_16, %arg0 : tensor<f64>
    %cst_17 = stablehlo.constant dense<9.8066499999999994> : tensor<f64>
    %84 = stablehlo.broadcast_in_dim %cst_17, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %85 = stablehlo.multiply %84, %arg2 : tensor<3xf64>
    %cst_18 = stablehlo.constant dense<6.096000e-01> : tensor<f64>
    %86 = stablehlo.multiply %83, %cst_18 : tensor<f64>
    %cst_19 = stablehlo.constant dense<6.096000e-01> : tensor<f64>
    %87 = stablehlo.broadcast_in_dim %cst_19, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %88 = stablehlo.multiply %85, %87 : tensor<3xf64>
    %89 = stablehlo.sine %15 : tensor<f64>
    %90 = stablehlo.multiply %86, %89 : tensor<f64>
    %91 = stablehlo.broadcast_in_dim %89, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %92 = stablehlo.multiply %88, %91 : tensor<3xf64>
    %93 = stablehlo.subtract %80, %90 : tensor<f64>
    %94 = stablehlo.subtract %82, %92 : tensor<3xf64>
    %95 = stablehlo.subtract %17, %13 : tensor<f64>
    %96 = stablehlo.sine %95 : tensor<f64>
    %cst_20 = stablehlo.constant dense<-0.64147333410432839> : tensor<f64>
    %97 = stablehlo.multiply %cst_20, %96 : tensor<f64>
    %98 = stablehlo.multiply %97, %19 : tensor<f64>
    %99 = stablehlo.multiply %98, %19 : tensor<f64>
    %100 = stablehlo.sine %17 : tensor<f64>
    %cst_21 = stablehlo.constant dense<3.0386917254310943> : tensor<f64>
    %101 = stablehlo.multiply %cst_21, %100 : tensor<f64>
    %102 = stablehlo.add %99, %101 : tensor<f64>
    %103 = stablehlo.subtract %15, %13 : tensor<f64>
    %104 = stablehlo.cosine %103 : tensor<f64>
    %105 = stablehlo.multiply %36, %104 : tensor<f64>
    %106 = stablehlo.broadcast_in_dim %104, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %107 = stablehlo.multiply %38, %106 : tensor<3xf64>
    %108 = stablehlo.subtract %17, %13 : tensor<f64>
    %109 = stablehlo.cosine %108 : tensor<f64>
    %cst_22 = stablehlo.constant dense<0.64147333410432839> : tensor<f64>
    %110 = stablehlo.multiply %cst_22, %109 : tensor<f64>
    %111 = stablehlo.multiply %105, %105 : tensor<f64>
    %cst_23 = stablehlo.constant dense<2.000000e+00> : tensor<f64>
    %112 = stablehlo.multiply %cst_23, %105 : tensor<f64>
    %113 = stablehlo.broadcast_in_dim %112, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %114 = stablehlo.multiply %107, %113 : tensor<3xf64>
    %115 = stablehlo.divide %111, %32 : tensor<f64>
    %116 = stablehlo.broadcast_in_dim %32, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %117 = stablehlo.divide %114, %116 : tensor<3xf64>
    %118 = stablehlo.negate %31 : tensor<3xf64>
    %119 = stablehlo.broadcast_in_dim %111, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %120 = stablehlo.multiply %118, %119 : tensor<3xf64>
    %121 = stablehlo.multiply %32, %32 : tensor<f64>
    %cst_24 = stablehlo.constant dense<1.000000e+00> : tensor<f64>
    %122 = stablehlo.divide %cst_24, %121 : tensor<f64>
    %123 = stablehlo.broadcast_in_dim %122, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %124 = stablehlo.multiply %120, %123 : tensor<3xf64>
    %125 = stablehlo.add %117, %124 : tensor<3xf64>
    %126 = stablehlo.subtract %28, %115 : tensor<f64>
    %127 = stablehlo.subtract %26, %125 : tensor<3xf64>
    %128 = stablehlo.multiply %105, %93 : tensor<f64>
    %129 = stablehlo.broadcast_in_dim %93, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %130 = stablehlo.multiply %107, %129 : tensor<3xf64>
    %131 = stablehlo.broadcast_in_dim %105, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %132 = stablehlo.multiply %131, %94 : tensor<3xf64>
    %133 = stablehlo.add %130, %132 : tensor<3xf64>
    %134 = stablehlo.divide %128, %32 : tensor<f64>
    %135 = stablehlo.broadcast_in_dim %32, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %136 = stablehlo.divide %133, %135 : tensor<3xf64>
    %137 = stablehlo.negate %31 : tensor<3xf64>
    %138 = stablehlo.broadcast_in_dim %128, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %139 = stablehlo.multiply %137, %138 : tensor<3xf64>
    %140 = stablehlo.multiply %32, %32 : tensor<f64>
    %cst_25 = stablehlo.constant dense<1.000000e+00> : tensor<f64>
    %141 = stablehlo.divide %cst_25, %140 : tensor<f64>
    %142 = stablehlo.broadcast_in_dim %141, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %143 = stablehlo.multiply %139, %142 : tensor<3xf64>
    %144 = stablehlo.add %136, %143 : tensor<3xf64>
    %145 = stablehlo.subtract %68, %134 : tensor<f64>
    %146 = stablehlo.subtract %69, %144 : tensor<3xf64>
    %147 = stablehlo.sine %13 : tensor<f64>
    %cst_26 = stablehlo.constant dense<-2.0702015999999999> : tensor<f64>
    %148 = stablehlo.multiply %cst_26, %147 : tensor<f64>
    %149 = stablehlo.sine %17 : tensor<f64>
    %cst_27 = stablehlo.constant dense<2.0826983999999999> : tensor<f64>
    %150 = stablehlo.multiply %cst_27, %149 : tensor<f64>
    %151 = stablehlo.divide %148, %150 : tensor<f64>
    %152 = stablehlo.cosine %13 : tensor<f64>
    %cst_28 = stablehlo.constant dense<2.0702015999999999> : tensor<f64>
    %153 = stablehlo.multiply %cst_28, %152 : tensor<f64>
    %154 = stablehlo.multiply %153, %19 : tensor<f64>
    %155 = stablehlo.multiply %154, %19 : tensor<f64>
    %156 = stablehlo.cosine %17 : tensor<f64>
    %cst_29 = stablehlo.constant dense<2.0826983999999999> : tensor<f64>
    %157 = stablehlo.multiply %cst_29, %156 : tensor<f64>
    %158 = stablehlo.multiply %157, %23 : tensor<f64>
    %159 = stablehlo.multiply %158, %23 : tensor<f64>
    %160 = stablehlo.add %155, %159 : tensor<f64>
    %161 = stablehlo.negate %160 : tensor<f64>
    %162 = stablehlo.sine %17 : tensor<f64>
    %cst_30 = stablehlo.constant dense<2.0826983999999999> : tensor<f64>
    %163 = stablehlo.multiply %cst_30, %162 : tensor<f64>
    %164 = stablehlo.divide %161, %163 : tensor<f64>
    %cst_31 = stablehlo.constant dense<2.000000e+00> : tensor<f64>
    %165 = stablehlo.multiply %cst_31, %110 : tensor<f64>
    %cst_32 = stablehlo.constant dense<0.64534559657462842> : tensor<f64>
    %166 = stablehlo.multiply %151, %cst_32 : tensor<f64>
    %167 = stablehlo.add %165, %166 : tensor<f64>
    %168 = stablehlo.multiply %151, %167 : tensor<f64>
    %169 = stablehlo.add %126, %168 : tensor<f64>
    %170 = stablehlo.multiply %151, %102 : tensor<f64>
    %171 = stablehlo.add %145, %170 : tensor<f64>
    %cst_33 = stablehlo.constant dense<0.64534559657462842> : tensor<f64>
    %172 = stablehlo.multiply %151, %cst_33 : tensor<f64>
    %173 = stablehlo.add %110, %172 : tensor<f64>
    %174 = stablehlo.multiply %173, %164 : tensor<f64>
    %175 = stablehlo.subtract %171, %174 : tensor<f64>
    %176 = stablehlo.divide %175, %169 : tensor<f64>
    %177 = stablehlo.broadcast_in_dim %169, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %178 = stablehlo.divide %146, %177 : tensor<3xf64>
    %179 = stablehlo.negate %127 : tensor<3xf64>
    %180 = stablehlo.broadcast_in_dim %175, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %181 = stablehlo.multiply %179, %180 : tensor<3xf64>
    %182 = stablehlo.multiply %169, %169 : tensor<f64>
    %cst_34 = stablehlo.constant dense<1.000000e+00> : tensor<f64>
    %183 = stablehlo.divide %cst_34, %182 : tensor<f64>
    %184 = stablehlo.broadcast_in_dim %183, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %185 = stablehlo.multiply %181, %184 : tensor<3xf64>
    %186 = stablehlo.add %178, %185 : tensor<3xf64>
    %187 = stablehlo.multiply %151, %176 : tensor<f64>
    %188 = stablehlo.broadcast_in_dim %151, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %189 = stablehlo.multiply %188, %186 : tensor<3xf64>
    %190 = stablehlo.add %187, %164 : tensor<f64>
    %191 = stablehlo.multiply %105, %176 : tensor<f64>
    %192 = stablehlo.broadcast_in_dim %176, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %193 = stablehlo.multiply %107, %192 : tensor<3xf64>
    %194 = stablehlo.broadcast_in_dim %105, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %195 = stablehlo.multiply %194, %186 : tensor<3xf64>
    %196 = stablehlo.add %193, %195 : tensor<3xf64>
    %197 = stablehlo.subtract %93, %191 : tensor<f64>
    %198 = stablehlo.subtract %94, %196 : tensor<3xf64>
    %199 = stablehlo.divide %197, %32 : tensor<f64>
    %200 = stablehlo.broadcast_in_dim %32, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %201 = stablehlo.divide %198, %200 : tensor<3xf64>
    %202 = stablehlo.negate %31 : tensor<3xf64>
    %203 = stablehlo.broadcast_in_dim %197, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %204 = stablehlo.multiply %202, %203 : tensor<3xf64>
    %205 = stablehlo.multiply %32, %32 : tensor<f64>
    %cst_35 = stablehlo.constant dense<1.000000e+00> : tensor<f64>
    %206 = stablehlo.divide %cst_35, %205 : tensor<f64>
    %207 = stablehlo.broadcast_in_dim %206, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %208 = stablehlo.multiply %204, %207 : tensor<3xf64>
    %209 = stablehlo.add %201, %208 : tensor<3xf64>
    %210 = stablehlo.broadcast_in_dim %19, dims = [] : (tensor<f64>) -> tensor<1xf64>
    %211 = stablehlo.broadcast_in_dim %21, dims = [] : (tensor<f64>) -> tensor<1xf64>
    %212 = stablehlo.broadcast_in_dim %23, dims = [] : (tensor<f64>) -> tensor<1xf64>
    %213 = stablehlo.broadcast_in_dim %176, dims = [] : (tensor<f64>) -> tensor<1xf64>
    %214 = stablehlo.broadcast_in_dim %199, dims = [] : (tensor<f64>) -> tensor<1xf64>
    %215 = stablehlo.broadcast_in_dim %190, dims = [] : (tensor<f64>) -> tensor<1xf64>
    %216 = stablehlo.concatenate %210, %211, %212, %213, %214, %215, dim = 0 : (tensor<1xf64>, tensor<1xf64>, tensor<1xf64>, tensor<1xf64>, tensor<1xf64>, tensor<1xf64>) -> tensor<6xf64>
    %cst_36 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %217 = stablehlo.broadcast_in_dim %cst_36, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %cst_37 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %218 = stablehlo.broadcast_in_dim %cst_37, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %cst_38 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %219 = stablehlo.broadcast_in_dim %cst_38, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %220 = stablehlo.broadcast_in_dim %217, dims = [0] : (tensor<3xf64>) -> tensor<3x1xf64>
    %221 = stablehlo.broadcast_in_dim %218, dims = [0] : (tensor<3xf64>) -> tensor<3x1xf64>
    %222 = stablehlo.broadcast_in_dim %219, dims = [0] : (tensor<3xf64>) -> tensor<3x1xf64>
    %223 = stablehlo.broadcast_in_dim %186, dims = [0] : (tensor<3xf64>) -> tensor<3x1xf64>
    %224 = stablehlo.broadcast_in_dim %209, dims = [0] : (tensor<3xf64>) -> tensor<3x1xf64>
    %225 = stablehlo.broadcast_in_dim %189, dims = [0] : (tensor<3xf64>) -> tensor<3x1xf64>
    %226 = stablehlo.concatenate %220, %221, %222, %223, %224, %225, dim = 1 : (tensor<3x1xf64>, tensor<3x1xf64>, tensor<3x1xf64>, tensor<3x1xf64>, tensor<3x1xf64>, tensor<3x1xf64>) -> tensor<3x6xf64>
    %227 = stablehlo.slice %216 [0:1] : (tensor<6xf64>) -> tensor<1xf64>
    %228 = stablehlo.slice %226 [0:3, 0:1] : (tensor<3x6xf64>) -> tensor<3x1xf64>
    %229 = stablehlo.reshape %227 : (tensor<1xf64>) -> tensor<f64>
    %230 = stablehlo.reshape %228 : (tensor<3x1xf64>) -> tensor<3xf64>
    %231 = stablehlo.slice %216 [1:2] : (tensor<6xf64>) -> tensor<1xf64>
    %232 = stablehlo.slice %226 [0:3, 1:2] : (tensor<3x6xf64>) -> tensor<3x1xf64>
    %233 = stablehlo.reshape %231 : (tensor<1xf64>) -> tensor<f64>
    %234 = stablehlo.reshape %232 : (tensor<3x1xf64>) -> tensor<3xf64>
    %235 = stablehlo.slice %216 [2:3] : (tensor<6xf64>) -> tensor<1xf64>
    %236 = stablehlo.slice %226 [0:3, 2:3] : (tensor<3x6xf64>) -> tensor<3x1xf64>
    %237 = stablehlo.reshape %235 : (tensor<1xf64>) -> tensor<f64>
    %238 = stablehlo.reshape %236 : (tensor<3x1xf64>) -> tensor<3xf64>
    %239 = stablehlo.slice %216 [3:4] : (tensor<6xf64>) -> tensor<1xf64>
    %240 = stablehlo.slice %226 [0:3, 3:4] : (tensor<3x6xf64>) -> tensor<3x1xf64>
    %241 = stablehlo.reshape %239 : (tensor<1xf64>) -> tensor<f64>
    %242 = stablehlo.reshape %240 : (tensor<3x1xf64>) -> tensor<3xf64>
    %243 = stablehlo.slice %216 [4:5] : (tensor<6xf64>) -> tensor<1xf64>
    %244 = stablehlo.slice %226 [0:3, 4:5] : (tensor<3x6xf64>) -> tensor<3x1xf64>
    %245 = stablehlo.reshape %243 : (tensor<1xf64>) -> tensor<f64>
    %246 = stablehlo.reshape %244 : (tensor<3x1xf64>) -> tensor<3xf64>
    %247 = stablehlo.slice %216 [5:6] : (tensor<6xf64>) -> tensor<1xf64>
    %248 = stablehlo.slice %226 [0:3, 5:6] : (tensor<3x6xf64>) -> tensor<3x1xf64>
    %249 = stablehlo.reshape %247 : (tensor<1xf64>) -> tensor<f64>
    %250 = stablehlo.reshape %248 : (tensor<3x1xf64>) -> tensor<3xf64>
    %251 = stablehlo.sine %1 : tensor<f64>
    %252 = stablehlo.multiply %251, %7 : tensor<f64>
    %253 = stablehlo.multiply %252, %7 : tensor<f64>
    %254 = stablehlo.cosine %1 : tensor<f64>
    %255 = stablehlo.multiply %254, %241 : tensor<f64>
    %256 = stablehlo.broadcast_in_dim %254, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %257 = stablehlo.multiply %256, %242 : tensor<3xf64>
    %258 = stablehlo.subtract %253, %255 : tensor<f64>
    %259 = stablehlo.negate %257 : tensor<3xf64>
    %cst_39 = stablehlo.constant dense<2.0702015999999999> : tensor<f64>
    %260 = stablehlo.multiply %cst_39, %258 : tensor<f64>
    %cst_40 = stablehlo.constant dense<2.0702015999999999> : tensor<f64>
    %261 = stablehlo.broadcast_in_dim %cst_40, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %262 = stablehlo.multiply %261, %259 : tensor<3xf64>
    %263 = stablehlo.sine %5 : tensor<f64>
    %264 = stablehlo.multiply %263, %11 : tensor<f64>
    %265 = stablehlo.multiply %264, %11 : tensor<f64>
    %266 = stablehlo.cosine %5 : tensor<f64>
    %267 = stablehlo.multiply %266, %249 : tensor<f64>
    %268 = stablehlo.broadcast_in_dim %266, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %269 = stablehlo.multiply %268, %250 : tensor<3xf64>
    %270 = stablehlo.subtract %265, %267 : tensor<f64>
    %271 = stablehlo.negate %269 : tensor<3xf64>
    %cst_41 = stablehlo.constant dense<2.0826983999999999> : tensor<f64>
    %272 = stablehlo.multiply %cst_41, %270 : tensor<f64>
    %cst_42 = stablehlo.constant dense<2.0826983999999999> : tensor<f64>
    %273 = stablehlo.broadcast_in_dim %cst_42, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %274 = stablehlo.multiply %273, %271 : tensor<3xf64>
    %275 = stablehlo.add %260, %272 : tensor<f64>
    %276 = stablehlo.add %262, %274 : tensor<3xf64>
    %277 = stablehlo.cosine %5 : tensor<f64>
    %278 = stablehlo.multiply %275, %277 : tensor<f64>
    %279 = stablehlo.broadcast_in_dim %277, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %280 = stablehlo.multiply %276, %279 : tensor<3xf64>
    %281 = stablehlo.sine %5 : tensor<f64>
    %282 = stablehlo.divide %278, %281 : tensor<f64>
    %283 = stablehlo.broadcast_in_dim %281, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %284 = stablehlo.divide %280, %283 : tensor<3xf64>
    %cst_43 = stablehlo.constant dense<9.8066499999999994> : tensor<f64>
    %285 = stablehlo.add %cst_43, %282 : tensor<f64>
    %cst_44 = stablehlo.constant dense<0.14877829736000001> : tensor<f64>
    %286 = stablehlo.multiply %cst_44, %285 : tensor<f64>
    %cst_45 = stablehlo.constant dense<0.14877829736000001> : tensor<f64>
    %287 = stablehlo.broadcast_in_dim %cst_45, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %288 = stablehlo.multiply %287, %284 : tensor<3xf64>
    return %286, %288 : tensor<f64>, tensor<3xf64>
  }
  func.func private @step(%arg0: tensor<f64>, %arg1: tensor<6xf64>, %arg2: tensor<f64>, %arg3: tensor<3xf64>, %arg4: tensor<3x6xf64>) -> (tensor<6xf64>, tensor<3x6xf64>) {
    %0:2 = call @"<lambda>_0"(%arg0, %arg1, %arg3, %arg4) : (tensor<f64>, tensor<6xf64>, tensor<3xf64>, tensor<3x6xf64>) -> (tensor<6xf64>, tensor<6x3xf64>)
    %cst = stablehlo.constant dense<5.000000e-01> : tensor<f64>
    %1 = stablehlo.multiply %cst, %arg2 : tensor<f64>
    %2 = stablehlo.convert %1 : tensor<f64>
    %3 = stablehlo.broadcast_in_dim %2, dims = [] : (tensor<f64>) -> tensor<6xf64>
    %4 = stablehlo.multiply %3, %0#0 : tensor<6xf64>
    %5 = stablehlo.broadcast_in_dim %2, dims = [] : (tensor<f64>) -> tensor<6x3xf64>
    %6 = stablehlo.multiply %5, %0#1 : tensor<6x3xf64>
    %7 = stablehlo.add %arg1, %4 : tensor<6xf64>
    %8 = stablehlo.transpose %6, dims = [1, 0] : (tensor<6x3xf64>) -> tensor<3x6xf64>
    %9 = stablehlo.add %arg4, %8 : tensor<3x6xf64>
    %10:2 = call @"<lambda>_0"(%arg0, %7, %arg3, %9) : (tensor<f64>, tensor<6xf64>, tensor<3xf64>, tensor<3x6xf64>) -> (tensor<6xf64>, tensor<6x3xf64>)
    %cst_0 = stablehlo.constant dense<5.000000e-01> : tensor<f64>
    %11 = stablehlo.multiply %cst_0, %arg2 : tensor<f64>
    %12 = stablehlo.convert %11 : tensor<f64>
    %13 = stablehlo.broadcast_in_dim %12, dims = [] : (tensor<f64>) -> tensor<6xf64>
    %14 = stablehlo.multiply %13, %10#0 : tensor<6xf64>
    %15 = stablehlo.broadcast_in_dim %12, dims = [] : (tensor<f64>) -> tensor<6x3xf64>
    %16 = stablehlo.multiply %15, %10#1 : tensor<6x3xf64>
    %17 = stablehlo.add %arg1, %14 : tensor<6xf64>
    %18 = stablehlo.transpose %16, dims = [1, 0] : (tensor<6x3xf64>) -> tensor<3x6xf64>
    %19 = stablehlo.add %arg4, %18 : tensor<3x6xf64>
    %20:2 = call @"<lambda>_0"(%arg0, %17, %arg3, %19) : (tensor<f64>, tensor<6xf64>, tensor<3xf64>, tensor<3x6xf64>) -> (tensor<6xf64>, tensor<6x3xf64>)
    %cst_1 = stablehlo.constant dense<6.000000e+00> : tensor<f64>
    %21 = stablehlo.divide %arg2, %cst_1 : tensor<f64>
    %22 = stablehlo.add %10#0, %20#0 : tensor<6xf64>
    %23 = stablehlo.add %10#1, %20#1 : tensor<6x3xf64>
    %cst_2 = stablehlo.constant dense<2.000000e+00> : tensor<f64>
    %24 = stablehlo.broadcast_in_dim %cst_2, dims = [] : (tensor<f64>) -> tensor<6xf64>
    %25 = stablehlo.multiply %24, %22 : tensor<6xf64>
    %cst_3 = stablehlo.constant dense<2.000000e+00> : tensor<f64>
    %26 = stablehlo.broadcast_in_dim %cst_3, dims = [] : (tensor<f64>) -> tensor<6x3xf64>
    %27 = stablehlo.multiply %26, %23 : tensor<6x3xf64>
    %28 = stablehlo.add %0#0, %25 : tensor<6xf64>
    %29 = stablehlo.add %0#1, %27 : tensor<6x3xf64>
    %30 = stablehlo.convert %arg2 : tensor<f64>
    %31 = stablehlo.broadcast_in_dim %30, dims = [] : (tensor<f64>) -> tensor<6xf64>
    %32 = stablehlo.multiply %31, %20#0 : tensor<6xf64>
    %33 = stablehlo.broadcast_in_dim %30, dims = [] : (tensor<f64>) -> tensor<6x3xf64>
    %34 = stablehlo.multiply %33, %20#1 : tensor<6x3xf64>
    %35 = stablehlo.add %arg1, %32 : tensor<6xf64>
    %36 = stablehlo.transpose %34, dims = [1, 0] : (tensor<6x3xf64>) -> tensor<3x6xf64>
    %37 = stablehlo.add %arg4, %36 : tensor<3x6xf64>
    %38:2 = call @"<lambda>_0"(%arg0, %35, %arg3, %37) : (tensor<f64>, tensor<6xf64>, tensor<3xf64>, tensor<3x6xf64>) -> (tensor<6xf64>, tensor<6x3xf64>)
    %39 = stablehlo.add %28, %38#0 : tensor<6xf64>
    %40 = stablehlo.add %29, %38#1 : tensor<6x3xf64>
    %41 = stablehlo.convert %21 : tensor<f64>
    %42 = stablehlo.broadcast_in_dim %41, dims = [] : (tensor<f64>) -> tensor<6xf64>
    %43 = stablehlo.multiply %42, %39 : tensor<6xf64>
    %44 = stablehlo.broadcast_in_dim %41, dims = [] : (tensor<f64>) -> tensor<6x3xf64>
    %45 = stablehlo.multiply %44, %40 : tensor<6x3xf64>
    %46 = stablehlo.add %arg1, %43 : tensor<6xf64>
    %47 = stablehlo.transpose %45, dims = [1, 0] : (tensor<6x3xf64>) -> tensor<3x6xf64>
    %48 = stablehlo.add %arg4, %47 : tensor<3x6xf64>
    return %46, %48 : tensor<6xf64>, tensor<3x6xf64>
  }
  func.func private @"<lambda>_0"(%arg0: tensor<f64>, %arg1: tensor<6xf64>, %arg2: tensor<3xf64>, %arg3: tensor<3x6xf64>) -> (tensor<6xf64>, tensor<6x3xf64>) {
    %0 = stablehlo.slice %arg1 [0:1] : (tensor<6xf64>) -> tensor<1xf64>
    %1 = stablehlo.slice %arg3 [0:3, 0:1] : (tensor<3x6xf64>) -> tensor<3x1xf64>
    %2 = stablehlo.reshape %0 : (tensor<1xf64>) -> tensor<f64>
    %3 = stablehlo.reshape %1 : (tensor<3x1xf64>) -> tensor<3xf64>
    %4 = stablehlo.slice %arg1 [1:2] : (tensor<6xf64>) -> tensor<1xf64>
    %5 = stablehlo.slice %arg3 [0:3, 1:2] : (tensor<3x6xf64>) -> tensor<3x1xf64>
    %6 = stablehlo.reshape %4 : (tensor<1xf64>) -> tensor<f64>
    %7 = stablehlo.reshape %5 : (tensor<3x1xf64>) -> tensor<3xf64>
    %8 = stablehlo.slice %arg1 [2:3] : (tensor<6xf64>) -> tensor<1xf64>
    %9 = stablehlo.slice %arg3 [0:3, 2:3] : (tensor<3x6xf64>) -> tensor<3x1xf64>
    %10 = stablehlo.reshape %8 : (tensor<1xf64>) -> tensor<f64>
    %11 = stablehlo.reshape %9 : (tensor<3x1xf64>) -> tensor<3xf64>
    %12 = stablehlo.slice %arg1 [3:4] : (tensor<6xf64>) -> tensor<1xf64>
    %13 = stablehlo.slice %arg3 [0:3, 3:4] : (tensor<3x6xf64>) -> tensor<3x1xf64>
    %14 = stablehlo.reshape %12 : (tensor<1xf64>) -> tensor<f64>
    %15 = stablehlo.reshape %13 : (tensor<3x1xf64>) -> tensor<3xf64>
    %16 = stablehlo.slice %arg1 [4:5] : (tensor<6xf64>) -> tensor<1xf64>
    %17 = stablehlo.slice %arg3 [0:3, 4:5] : (tensor<3x6xf64>) -> tensor<3x1xf64>
    %18 = stablehlo.reshape %16 : (tensor<1xf64>) -> tensor<f64>
    %19 = stablehlo.reshape %17 : (tensor<3x1xf64>) -> tensor<3xf64>
    %20 = stablehlo.slice %arg1 [5:6] : (tensor<6xf64>) -> tensor<1xf64>
    %21 = stablehlo.slice %arg3 [0:3, 5:6] : (tensor<3x6xf64>) -> tensor<3x1xf64>
    %22 = stablehlo.reshape %20 : (tensor<1xf64>) -> tensor<f64>
    %23 = stablehlo.reshape %21 : (tensor<3x1xf64>) -> tensor<3xf64>
    %cst = stablehlo.constant dense<0.28451556> : tensor<f64>
    %24 = stablehlo.multiply %arg0, %cst : tensor<f64>
    %cst_0 = stablehlo.constant dense<0.28451556> : tensor<f64>
    %25 = stablehlo.broadcast_in_dim %cst_0, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %26 = stablehlo.multiply %arg2, %25 : tensor<3xf64>
    %cst_1 = stablehlo.constant dense<2.8944122836731561> : tensor<f64>
    %27 = stablehlo.add %cst_1, %24 : tensor<f64>
    %cst_2 = stablehlo.constant dense<0.63762430634225065> : tensor<f64>
    %28 = stablehlo.add %27, %cst_2 : tensor<f64>
    %cst_3 = stablehlo.constant dense<0.37161216000000002> : tensor<f64>
    %29 = stablehlo.multiply %arg0, %cst_3 : tensor<f64>
    %cst_4 = stablehlo.constant dense<0.37161216000000002> : tensor<f64>
    %30 = stablehlo.broadcast_in_dim %cst_4, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %31 = stablehlo.multiply %arg2, %30 : tensor<3xf64>
    %cst_5 = stablehlo.constant dense<2.7288719786342384> : tensor<f64>
    %32 = stablehlo.add %cst_5, %29 : tensor<f64>
    %cst_6 = stablehlo.constant dense<5.334000e-01> : tensor<f64>
    %33 = stablehlo.multiply %arg0, %cst_6 : tensor<f64>
    %cst_7 = stablehlo.constant dense<5.334000e-01> : tensor<f64>
    %34 = stablehlo.broadcast_in_dim %cst_7, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %35 = stablehlo.multiply %arg2, %34 : tensor<3xf64>
    %cst_8 = stablehlo.constant dense<6.096000e-01> : tensor<f64>
    %36 = stablehlo.multiply %33, %cst_8 : tensor<f64>
    %cst_9 = stablehlo.constant dense<6.096000e-01> : tensor<f64>
    %37 = stablehlo.broadcast_in_dim %cst_9, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %38 = stablehlo.multiply %35, %37 : tensor<3xf64>
    %cst_10 = stablehlo.constant dense<5.334000e-01> : tensor<f64>
    %39 = stablehlo.multiply %arg0, %cst_10 : tensor<f64>
    %cst_11 = stablehlo.constant dense<5.334000e-01> : tensor<f64>
    %40 = stablehlo.broadcast_in_dim %cst_11, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %41 = stablehlo.multiply %arg2, %40 : tensor<3xf64>
    %cst_12 = stablehlo.constant dense<4.0199599500471406> : tensor<f64>
    %42 = stablehlo.subtract %cst_12, %39 : tensor<f64>
    %43 = stablehlo.negate %41 : tensor<3xf64>
    %44 = stablehlo.subtract %6, %2 : tensor<f64>
    %45 = stablehlo.subtract %7, %3 : tensor<3xf64>
    %46 = stablehlo.sine %44 : tensor<f64>
    %47 = stablehlo.cosine %44 : tensor<f64>
    %48 = stablehlo.broadcast_in_dim %47, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %49 = stablehlo.multiply %45, %48 : tensor<3xf64>
    %50 = stablehlo.multiply %36, %46 : tensor<f64>
    %51 = stablehlo.broadcast_in_dim %46, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %52 = stablehlo.multiply %38, %51 : tensor<3xf64>
    %53 = stablehlo.broadcast_in_dim %36, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %54 = stablehlo.multiply %53, %49 : tensor<3xf64>
    %55 = stablehlo.add %52, %54 : tensor<3xf64>
    %56 = stablehlo.multiply %50, %18 : tensor<f64>
    %57 = stablehlo.broadcast_in_dim %18, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %58 = stablehlo.multiply %55, %57 : tensor<3xf64>
    %59 = stablehlo.broadcast_in_dim %50, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %60 = stablehlo.multiply %59, %19 : tensor<3xf64>
    %61 = stablehlo.add %58, %60 : tensor<3xf64>
    %62 = stablehlo.multiply %56, %18 : tensor<f64>
    %63 = stablehlo.broadcast_in_dim %18, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %64 = stablehlo.multiply %61, %63 : tensor<3xf64>
    %65 = stablehlo.broadcast_in_dim %56, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %66 = stablehlo.multiply %65, %19 : tensor<3xf64>
    %67 = stablehlo.add %64, %66 : tensor<3xf64>
    %68 = stablehlo.subtract %10, %2 : tensor<f64>
    %69 = stablehlo.subtract %11, %3 : tensor<3xf64>
    %70 = stablehlo.sine %68 : tensor<f64>
    %71 = stablehlo.cosine %68 : tensor<f64>
    %72 = stablehlo.broadcast_in_dim %71, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %73 = stablehlo.multiply %69, %72 : tensor<3xf64>
    %cst_13 = stablehlo.constant dense<0.64147333410432839> : tensor<f64>
    %74 = stablehlo.multiply %cst_13, %70 : tensor<f64>
    %cst_14 = stablehlo.constant dense<0.64147333410432839> : tensor<f64>
    %75 = stablehlo.broadcast_in_dim %cst_14, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %76 = stablehlo.multiply %75, %73 : tensor<3xf64>
    %77 = stablehlo.multiply %74, %22 : tensor<f64>
    %78 = stablehlo.broadcast_in_dim %22, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %79 = stablehlo.multiply %76, %78 : tensor<3xf64>
    %80 = stablehlo.broadcast_in_dim %74, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %81 = stablehlo.multiply %80, %23 : tensor<3xf64>
    %82 = stablehlo.add %79, %81 : tensor<3xf64>
    %83 = stablehlo.multiply %77, %22 : tensor<f64>
    %84 = stablehlo.broadcast_in_dim %22, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %85 = stablehlo.multiply %82, %84 : tensor<3xf64>
    %86 = stablehlo.broadcast_in_dim %77, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %87 = stablehlo.multiply %86, %23 : tensor<3xf64>
    %88 = stablehlo.add %85, %87 : tensor<3xf64>
    %89 = stablehlo.add %62, %83 : tensor<f64>
    %90 = stablehlo.add %67, %88 : tensor<3xf64>
    %cst_15 = stablehlo.constant dense<9.8066499999999994> : tensor<f64>
    %91 = stablehlo.multiply %cst_15, %42 : tensor<f64>
    %cst_16 = stablehlo.constant dense<9.8066499999999994> : tensor<f64>
    %92 = stablehlo.broadcast_in_dim %cst_16, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %93 = stablehlo.multiply %92, %43 : tensor<3xf64>
    %94 = stablehlo.sine %2 : tensor<f64>
    %95 = stablehlo.cosine %2 : tensor<f64>
    %96 = stablehlo.broadcast_in_dim %95, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %97 = stablehlo.multiply %3, %96 : tensor<3xf64>
    %98 = stablehlo.multiply %91, %94 : tensor<f64>
    %99 = stablehlo.broadcast_in_dim %94, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %100 = stablehlo.multiply %93, %99 : tensor<3xf64>
    %101 = stablehlo.broadcast_in_dim %91, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %102 = stablehlo.multiply %101, %97 : tensor<3xf64>
    %103 = stablehlo.add %100, %102 : tensor<3xf64>
    %104 = stablehlo.add %89, %98 : tensor<f64>
    %105 = stablehlo.add %90, %103 : tensor<3xf64>
    %106 = stablehlo.negate %36 : tensor<f64>
    %107 = stablehlo.negate %38 : tensor<3xf64>
    %108 = stablehlo.subtract %6, %2 : tensor<f64>
    %109 = stablehlo.subtract %7, %3 : tensor<3xf64>
    %110 = stablehlo.sine %108 : tensor<f64>
    %111 = stablehlo.cosine %108 : tensor<f64>
    %112 = stablehlo.broadcast_in_dim %111, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %113 = stablehlo.multiply %109, %112 : tensor<3xf64>
    %114 = stablehlo.multiply %106, %110 : tensor<f64>
    %115 = stablehlo.broadcast_in_dim %110, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %116 = stablehlo.multiply %107, %115 : tensor<3xf64>
    %117 = stablehlo.broadcast_in_dim %106, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %118 = stablehlo.multiply %117, %113 : tensor<3xf64>
    %119 = stablehlo.add %116, %118 : tensor<3xf64>
    %120 = stablehlo.multiply %114, %14 : tensor<f64>
    %121 = stablehlo.broadcast_in_dim %14, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %122 = stablehlo.multiply %119, %121 : tensor<3xf64>
    %123 = stablehlo.broadcast_in_dim %114, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %124 = stablehlo.multiply %123, %15 : tensor<3xf64>
    %125 = stablehlo.add %122, %124 : tensor<3xf64>
    %126 = stablehlo.multiply %120, %14 : tensor<f64>
    %127 = stablehlo.broadcast_in_dim %14, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %128 = stablehlo.multiply %125, %127 : tensor<3xf64>
    %129 = stablehlo.broadcast_in_dim %120, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %130 = stablehlo.multiply %129, %15 : tensor<3xf64>
    %131 = stablehlo.add %128, %130 : tensor<3xf64>
    %cst_17 = stablehlo.constant dense<9.8066499999999994> : tensor<f64>
    %132 = stablehlo.multiply %cst_17, %arg0 : tensor<f64>
    %cst_18 = stablehlo.constant dense<9.8066499999999994> : tensor<f64>
    %133 = stablehlo.broadcast_in_dim %cst_18, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %134 = stablehlo.multiply %133, %arg2 : tensor<3xf64>
    %cst_19 = stablehlo.constant dense<6.096000e-01> : tensor<f64>
    %135 = stablehlo.multiply %132, %cst_19 : tensor<f64>
    %cst_20 = stablehlo.constant dense<6.096000e-01> : tensor<f64>
    %136 = stablehlo.broadcast_in_dim %cst_20, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %137 = stablehlo.multiply %134, %136 : tensor<3xf64>
    %138 = stablehlo.sine %6 : tensor<f64>
    %139 = stablehlo.cosine %6 : tensor<f64>
    %140 = stablehlo.broadcast_in_dim %139, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %141 = stablehlo.multiply %7, %140 : tensor<3xf64>
    %142 = stablehlo.multiply %135, %138 : tensor<f64>
    %143 = stablehlo.broadcast_in_dim %138, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %144 = stablehlo.multiply %137, %143 : tensor<3xf64>
    %145 = stablehlo.broadcast_in_dim %135, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %146 = stablehlo.multiply %145, %141 : tensor<3xf64>
    %147 = stablehlo.add %144, %146 : tensor<3xf64>
    %148 = stablehlo.subtract %126, %142 : tensor<f64>
    %149 = stablehlo.subtract %131, %147 : tensor<3xf64>
    %150 = stablehlo.subtract %10, %2 : tensor<f64>
    %151 = stablehlo.subtract %11, %3 : tensor<3xf64>
    %152 = stablehlo.sine %150 : tensor<f64>
    %153 = stablehlo.cosine %150 : tensor<f64>
    %154 = stablehlo.broadcast_in_dim %153, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %155 = stablehlo.multiply %151, %154 : tensor<3xf64>
    %cst_21 = stablehlo.constant dense<-0.64147333410432839> : tensor<f64>
    %156 = stablehlo.multiply %cst_21, %152 : tensor<f64>
    %cst_22 = stablehlo.constant dense<-0.64147333410432839> : tensor<f64>
    %157 = stablehlo.broadcast_in_dim %cst_22, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %158 = stablehlo.multiply %157, %155 : tensor<3xf64>
    %159 = stablehlo.multiply %156, %14 : tensor<f64>
    %160 = stablehlo.broadcast_in_dim %14, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %161 = stablehlo.multiply %158, %160 : tensor<3xf64>
    %162 = stablehlo.broadcast_in_dim %156, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %163 = stablehlo.multiply %162, %15 : tensor<3xf64>
    %164 = stablehlo.add %161, %163 : tensor<3xf64>
    %165 = stablehlo.multiply %159, %14 : tensor<f64>
    %166 = stablehlo.broadcast_in_dim %14, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %167 = stablehlo.multiply %164, %166 : tensor<3xf64>
    %168 = stablehlo.broadcast_in_dim %159, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %169 = stablehlo.multiply %168, %15 : tensor<3xf64>
    %170 = stablehlo.add %167, %169 : tensor<3xf64>
    %171 = stablehlo.sine %10 : tensor<f64>
    %172 = stablehlo.cosine %10 : tensor<f64>
    %173 = stablehlo.broadcast_in_dim %172, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %174 = stablehlo.multiply %11, %173 : tensor<3xf64>
    %cst_23 = stablehlo.constant dense<3.0386917254310943> : tensor<f64>
    %175 = stablehlo.multiply %cst_23, %171 : tensor<f64>
    %cst_24 = stablehlo.constant dense<3.0386917254310943> : tensor<f64>
    %176 = stablehlo.broadcast_in_dim %cst_24, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %177 = stablehlo.multiply %176, %174 : tensor<3xf64>
    %178 = stablehlo.add %165, %175 : tensor<f64>
    %179 = stablehlo.add %170, %177 : tensor<3xf64>
    %180 = stablehlo.subtract %6, %2 : tensor<f64>
    %181 = stablehlo.subtract %7, %3 : tensor<3xf64>
    %182 = stablehlo.cosine %180 : tensor<f64>
    %183 = stablehlo.sine %180 : tensor<f64>
    %184 = stablehlo.broadcast_in_dim %183, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %185 = stablehlo.multiply %181, %184 : tensor<3xf64>
    %186 = stablehlo.negate %185 : tensor<3xf64>
    %187 = stablehlo.multiply %36, %182 : tensor<f64>
    %188 = stablehlo.broadcast_in_dim %182, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %189 = stablehlo.multiply %38, %188 : tensor<3xf64>
    %190 = stablehlo.broadcast_in_dim %36, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %191 = stablehlo.multiply %190, %186 : tensor<3xf64>
    %192 = stablehlo.add %189, %191 : tensor<3xf64>
    %193 = stablehlo.subtract %10, %2 : tensor<f64>
    %194 = stablehlo.subtract %11, %3 : tensor<3xf64>
    %195 = stablehlo.cosine %193 : tensor<f64>
    %196 = stablehlo.sine %193 : tensor<f64>
    %197 = stablehlo.broadcast_in_dim %196, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %198 = stablehlo.multiply %194, %197 : tensor<3xf64>
    %199 = stablehlo.negate %198 : tensor<3xf64>
    %cst_25 = stablehlo.constant dense<0.64147333410432839> : tensor<f64>
    %200 = stablehlo.multiply %cst_25, %195 : tensor<f64>
    %cst_26 = stablehlo.constant dense<0.64147333410432839> : tensor<f64>
    %201 = stablehlo.broadcast_in_dim %cst_26, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %202 = stablehlo.multiply %201, %199 : tensor<3xf64>
    %203 = stablehlo.multiply %187, %187 : tensor<f64>
    %cst_27 = stablehlo.constant dense<2.000000e+00> : tensor<f64>
    %204 = stablehlo.multiply %cst_27, %187 : tensor<f64>
    %205 = stablehlo.broadcast_in_dim %204, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %206 = stablehlo.multiply %192, %205 : tensor<3xf64>
    %207 = stablehlo.divide %203, %32 : tensor<f64>
    %208 = stablehlo.broadcast_in_dim %32, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %209 = stablehlo.divide %206, %208 : tensor<3xf64>
    %210 = stablehlo.negate %31 : tensor<3xf64>
    %211 = stablehlo.broadcast_in_dim %203, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %212 = stablehlo.multiply %210, %211 : tensor<3xf64>
    %213 = stablehlo.multiply %32, %32 : tensor<f64>
    %cst_28 = stablehlo.constant dense<1.000000e+00> : tensor<f64>
    %214 = stablehlo.divide %cst_28, %213 : tensor<f64>
    %215 = stablehlo.broadcast_in_dim %214, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %216 = stablehlo.multiply %212, %215 : tensor<3xf64>
    %217 = stablehlo.add %209, %216 : tensor<3xf64>
    %218 = stablehlo.subtract %28, %207 : tensor<f64>
    %219 = stablehlo.subtract %26, %217 : tensor<3xf64>
    %220 = stablehlo.multiply %187, %148 : tensor<f64>
    %221 = stablehlo.broadcast_in_dim %148, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %222 = stablehlo.multiply %192, %221 : tensor<3xf64>
    %223 = stablehlo.broadcast_in_dim %187, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %224 = stablehlo.multiply %223, %149 : tensor<3xf64>
    %225 = stablehlo.add %222, %224 : tensor<3xf64>
    %226 = stablehlo.divide %220, %32 : tensor<f64>
    %227 = stablehlo.broadcast_in_dim %32, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %228 = stablehlo.divide %225, %227 : tensor<3xf64>
    %229 = stablehlo.negate %31 : tensor<3xf64>
    %230 = stablehlo.broadcast_in_dim %220, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %231 = stablehlo.multiply %229, %230 : tensor<3xf64>
    %232 = stablehlo.multiply %32, %32 : tensor<f64>
    %cst_29 = stablehlo.constant dense<1.000000e+00> : tensor<f64>
    %233 = stablehlo.divide %cst_29, %232 : tensor<f64>
    %234 = stablehlo.broadcast_in_dim %233, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %235 = stablehlo.multiply %231, %234 : tensor<3xf64>
    %236 = stablehlo.add %228, %235 : tensor<3xf64>
    %237 = stablehlo.subtract %104, %226 : tensor<f64>
    %238 = stablehlo.subtract %105, %236 : tensor<3xf64>
    %239 = stablehlo.sine %2 : tensor<f64>
    %240 = stablehlo.cosine %2 : tensor<f64>
    %241 = stablehlo.broadcast_in_dim %240, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %242 = stablehlo.multiply %3, %241 : tensor<3xf64>
    %cst_30 = stablehlo.constant dense<-2.0702015999999999> : tensor<f64>
    %243 = stablehlo.multiply %cst_30, %239 : tensor<f64>
    %cst_31 = stablehlo.constant dense<-2.0702015999999999> : tensor<f64>
    %244 = stablehlo.broadcast_in_dim %cst_31, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %245 = stablehlo.multiply %244, %242 : tensor<3xf64>
    %246 = stablehlo.sine %10 : tensor<f64>
    %247 = stablehlo.cosine %10 : tensor<f64>
    %248 = stablehlo.broadcast_in_dim %247, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %249 = stablehlo.multiply %11, %248 : tensor<3xf64>
    %cst_32 = stablehlo.constant dense<2.0826983999999999> : tensor<f64>
    %250 = stablehlo.multiply %cst_32, %246 : tensor<f64>
    %cst_33 = stablehlo.constant dense<2.0826983999999999> : tensor<f64>
    %251 = stablehlo.broadcast_in_dim %cst_33, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %252 = stablehlo.multiply %251, %249 : tensor<3xf64>
    %253 = stablehlo.divide %243, %250 : tensor<f64>
    %254 = stablehlo.broadcast_in_dim %250, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %255 = stablehlo.divide %245, %254 : tensor<3xf64>
    %256 = stablehlo.negate %252 : tensor<3xf64>
    %257 = stablehlo.broadcast_in_dim %243, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %258 = stablehlo.multiply %256, %257 : tensor<3xf64>
    %259 = stablehlo.multiply %250, %250 : tensor<f64>
    %cst_34 = stablehlo.constant dense<1.000000e+00> : tensor<f64>
    %260 = stablehlo.divide %cst_34, %259 : tensor<f64>
    %261 = stablehlo.broadcast_in_dim %260, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %262 = stablehlo.multiply %258, %261 : tensor<3xf64>
    %263 = stablehlo.add %255, %262 : tensor<3xf64>
    %264 = stablehlo.cosine %2 : tensor<f64>
    %265 = stablehlo.sine %2 : tensor<f64>
    %266 = stablehlo.broadcast_in_dim %265, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %267 = stablehlo.multiply %3, %266 : tensor<3xf64>
    %268 = stablehlo.negate %267 : tensor<3xf64>
    %cst_35 = stablehlo.constant dense<2.0702015999999999> : tensor<f64>
    %269 = stablehlo.multiply %cst_35, %264 : tensor<f64>
    %cst_36 = stablehlo.constant dense<2.0702015999999999> : tensor<f64>
    %270 = stablehlo.broadcast_in_dim %cst_36, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %271 = stablehlo.multiply %270, %268 : tensor<3xf64>
    %272 = stablehlo.multiply %269, %14 : tensor<f64>
    %273 = stablehlo.broadcast_in_dim %14, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %274 = stablehlo.multiply %271, %273 : tensor<3xf64>
    %275 = stablehlo.broadcast_in_dim %269, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %276 = stablehlo.multiply %275, %15 : tensor<3xf64>
    %277 = stablehlo.add %274, %276 : tensor<3xf64>
    %278 = stablehlo.multiply %272, %14 : tensor<f64>
    %279 = stablehlo.broadcast_in_dim %14, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %280 = stablehlo.multiply %277, %279 : tensor<3xf64>
    %281 = stablehlo.broadcast_in_dim %272, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %282 = stablehlo.multiply %281, %15 : tensor<3xf64>
    %283 = stablehlo.add %280, %282 : tensor<3xf64>
    %284 = stablehlo.cosine %10 : tensor<f64>
    %285 = stablehlo.sine %10 : tensor<f64>
    %286 = stablehlo.broadcast_in_dim %285, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %287 = stablehlo.multiply %11, %286 : tensor<3xf64>
    %288 = stablehlo.negate %287 : tensor<3xf64>
    %cst_37 = stablehlo.constant dense<2.0826983999999999> : tensor<f64>
    %289 = stablehlo.multiply %cst_37, %284 : tensor<f64>
    %cst_38 = stablehlo.constant dense<2.0826983999999999> : tensor<f64>
    %290 = stablehlo.broadcast_in_dim %cst_38, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %291 = stablehlo.multiply %290, %288 : tensor<3xf64>
    %292 = stablehlo.multiply %289, %22 : tensor<f64>
    %293 = stablehlo.broadcast_in_dim %22, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %294 = stablehlo.multiply %291, %293 : tensor<3xf64>
    %295 = stablehlo.broadcast_in_dim %289, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %296 = stablehlo.multiply %295, %23 : tensor<3xf64>
    %297 = stablehlo.add %294, %296 : tensor<3xf64>
    %298 = stablehlo.multiply %292, %22 : tensor<f64>
    %299 = stablehlo.broadcast_in_dim %22, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %300 = stablehlo.multiply %297, %299 : tensor<3xf64>
    %301 = stablehlo.broadcast_in_dim %292, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %302 = stablehlo.multiply %301, %23 : tensor<3xf64>
    %303 = stablehlo.add %300, %302 : tensor<3xf64>
    %304 = stablehlo.add %278, %298 : tensor<f64>
    %305 = stablehlo.add %283, %303 : tensor<3xf64>
    %306 = stablehlo.negate %304 : tensor<f64>
    %307 = stablehlo.negate %305 : tensor<3xf64>
    %308 = stablehlo.sine %10 : tensor<f64>
    %309 = stablehlo.cosine %10 : tensor<f64>
    %310 = stablehlo.broadcast_in_dim %309, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %311 = stablehlo.multiply %11, %310 : tensor<3xf64>
    %cst_39 = stablehlo.constant dense<2.0826983999999999> : tensor<f64>
    %312 = stablehlo.multiply %cst_39, %308 : tensor<f64>
    %cst_40 = stablehlo.constant dense<2.0826983999999999> : tensor<f64>
    %313 = stablehlo.broadcast_in_dim %cst_40, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %314 = stablehlo.multiply %313, %311 : tensor<3xf64>
    %315 = stablehlo.divide %306, %312 : tensor<f64>
    %316 = stablehlo.broadcast_in_dim %312, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %317 = stablehlo.divide %307, %316 : tensor<3xf64>
    %318 = stablehlo.negate %314 : tensor<3xf64>
    %319 = stablehlo.broadcast_in_dim %306, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %320 = stablehlo.multiply %318, %319 : tensor<3xf64>
    %321 = stablehlo.multiply %312, %312 : tensor<f64>
    %cst_41 = stablehlo.constant dense<1.000000e+00> : tensor<f64>
    %322 = stablehlo.divide %cst_41, %321 : tensor<f64>
    %323 = stablehlo.broadcast_in_dim %322, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %324 = stablehlo.multiply %320, %323 : tensor<3xf64>
    %325 = stablehlo.add %317, %324 : tensor<3xf64>
    %cst_42 = stablehlo.constant dense<2.000000e+00> : tensor<f64>
    %326 = stablehlo.multiply %cst_42, %200 : tensor<f64>
    %cst_43 = stablehlo.constant dense<2.000000e+00> : tensor<f64>
    %327 = stablehlo.broadcast_in_dim %cst_43, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %328 = stablehlo.multiply %327, %202 : tensor<3xf64>
    %cst_44 = stablehlo.constant dense<0.64534559657462842> : tensor<f64>
    %329 = stablehlo.multiply %253, %cst_44 : tensor<f64>
    %cst_45 = stablehlo.constant dense<0.64534559657462842> : tensor<f64>
    %330 = stablehlo.broadcast_in_dim %cst_45, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %331 = stablehlo.multiply %263, %330 : tensor<3xf64>
    %332 = stablehlo.add %326, %329 : tensor<f64>
    %333 = stablehlo.add %328, %331 : tensor<3xf64>
    %334 = stablehlo.multiply %253, %332 : tensor<f64>
    %335 = stablehlo.broadcast_in_dim %332, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %336 = stablehlo.multiply %263, %335 : tensor<3xf64>
    %337 = stablehlo.broadcast_in_dim %253, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %338 = stablehlo.multiply %337, %333 : tensor<3xf64>
    %339 = stablehlo.add %336, %338 : tensor<3xf64>
    %340 = stablehlo.add %218, %334 : tensor<f64>
    %341 = stablehlo.add %219, %339 : tensor<3xf64>
    %342 = stablehlo.multiply %253, %178 : tensor<f64>
    %343 = stablehlo.broadcast_in_dim %178, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %344 = stablehlo.multiply %263, %343 : tensor<3xf64>
    %345 = stablehlo.broadcast_in_dim %253, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %346 = stablehlo.multiply %345, %179 : tensor<3xf64>
    %347 = stablehlo.add %344, %346 : tensor<3xf64>
    %348 = stablehlo.add %237, %342 : tensor<f64>
    %349 = stablehlo.add %238, %347 : tensor<3xf64>
    %cst_46 = stablehlo.constant dense<0.64534559657462842> : tensor<f64>
    %350 = stablehlo.multiply %253, %cst_46 : tensor<f64>
    %cst_47 = stablehlo.constant dense<0.64534559657462842> : tensor<f64>
    %351 = stablehlo.broadcast_in_dim %cst_47, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %352 = stablehlo.multiply %263, %351 : tensor<3xf64>
    %353 = stablehlo.add %200, %350 : tensor<f64>
    %354 = stablehlo.add %202, %352 : tensor<3xf64>
    %355 = stablehlo.multiply %353, %315 : tensor<f64>
    %356 = stablehlo.broadcast_in_dim %315, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %357 = stablehlo.multiply %354, %356 : tensor<3xf64>
    %358 = stablehlo.broadcast_in_dim %353, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %359 = stablehlo.multiply %358, %325 : tensor<3xf64>
    %360 = stablehlo.add %357, %359 : tensor<3xf64>
    %361 = stablehlo.subtract %348, %355 : tensor<f64>
    %362 = stablehlo.subtract %349, %360 : tensor<3xf64>
    %363 = stablehlo.divide %361, %340 : tensor<f64>
    %364 = stablehlo.broadcast_in_dim %340, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %365 = stablehlo.divide %362, %364 : tensor<3xf64>
    %366 = stablehlo.negate %341 : tensor<3xf64>
    %367 = stablehlo.broadcast_in_dim %361, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %368 = stablehlo.multiply %366, %367 : tensor<3xf64>
    %369 = stablehlo.multiply %340, %340 : tensor<f64>
    %cst_48 = stablehlo.constant dense<1.000000e+00> : tensor<f64>
    %370 = stablehlo.divide %cst_48, %369 : tensor<f64>
    %371 = stablehlo.broadcast_in_dim %370, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %372 = stablehlo.multiply %368, %371 : tensor<3xf64>
    %373 = stablehlo.add %365, %372 : tensor<3xf64>
    %374 = stablehlo.multiply %253, %363 : tensor<f64>
    %375 = stablehlo.broadcast_in_dim %363, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %376 = stablehlo.multiply %263, %375 : tensor<3xf64>
    %377 = stablehlo.broadcast_in_dim %253, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %378 = stablehlo.multiply %377, %373 : tensor<3xf64>
    %379 = stablehlo.add %376, %378 : tensor<3xf64>
    %380 = stablehlo.add %374, %315 : tensor<f64>
    %381 = stablehlo.add %379, %325 : tensor<3xf64>
    %382 = stablehlo.multiply %187, %363 : tensor<f64>
    %383 = stablehlo.broadcast_in_dim %363, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %384 = stablehlo.multiply %192, %383 : tensor<3xf64>
    %385 = stablehlo.broadcast_in_dim %187, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %386 = stablehlo.multiply %385, %373 : tensor<3xf64>
    %387 = stablehlo.add %384, %386 : tensor<3xf64>
    %388 = stablehlo.subtract %148, %382 : tensor<f64>
    %389 = stablehlo.subtract %149, %387 : tensor<3xf64>
    %390 = stablehlo.divide %388, %32 : tensor<f64>
    %391 = stablehlo.broadcast_in_dim %32, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %392 = stablehlo.divide %389, %391 : tensor<3xf64>
    %393 = stablehlo.negate %31 : tensor<3xf64>
    %394 = stablehlo.broadcast_in_dim %388, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %395 = stablehlo.multiply %393, %394 : tensor<3xf64>
    %396 = stablehlo.multiply %32, %32 : tensor<f64>
    %cst_49 = stablehlo.constant dense<1.000000e+00> : tensor<f64>
    %397 = stablehlo.divide %cst_49, %396 : tensor<f64>
    %398 = stablehlo.broadcast_in_dim %397, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %399 = stablehlo.multiply %395, %398 : tensor<3xf64>
    %400 = stablehlo.add %392, %399 : tensor<3xf64>
    %401 = stablehlo.broadcast_in_dim %14, dims = [] : (tensor<f64>) -> tensor<1xf64>
    %402 = stablehlo.broadcast_in_dim %18, dims = [] : (tensor<f64>) -> tensor<1xf64>
    %403 = stablehlo.broadcast_in_dim %22, dims = [] : (tensor<f64>) -> tensor<1xf64>
    %404 = stablehlo.broadcast_in_dim %363, dims = [] : (tensor<f64>) -> tensor<1xf64>
    %405 = stablehlo.broadcast_in_dim %390, dims = [] : (tensor<f64>) -> tensor<1xf64>
    %406 = stablehlo.broadcast_in_dim %380, dims = [] : (tensor<f64>) -> tensor<1xf64>
    %407 = stablehlo.concatenate %401, %402, %403, %404, %405, %406, dim = 0 : (tensor<1xf64>, tensor<1xf64>, tensor<1xf64>, tensor<1xf64>, tensor<1xf64>, tensor<1xf64>) -> tensor<6xf64>
    %408 = stablehlo.broadcast_in_dim %15, dims = [1] : (tensor<3xf64>) -> tensor<1x3xf64>
    %409 = stablehlo.broadcast_in_dim %19, dims = [1] : (tensor<3xf64>) -> tensor<1x3xf64>
    %410 = stablehlo.broadcast_in_dim %23, dims = [1] : (tensor<3xf64>) -> tensor<1x3xf64>
    %411 = stablehlo.broadcast_in_dim %373, dims = [1] : (tensor<3xf64>) -> tensor<1x3xf64>
    %412 = stablehlo.broadcast_in_dim %400, dims = [1] : (tensor<3xf64>) -> tensor<1x3xf64>
    %413 = stablehlo.broadcast_in_dim %381, dims = [1] : (tensor<3xf64>) -> tensor<1x3xf64>
    %414 = stablehlo.concatenate %408, %409, %410, %411, %412, %413, dim = 0 : (tensor<1x3xf64>, tensor<1x3xf64>, tensor<1x3xf64>, tensor<1x3xf64>, tensor<1x3xf64>, tensor<1x3xf64>) -> tensor<6x3xf64>
    return %407, %414 : tensor<6xf64>, tensor<6x3xf64>
  }
  func.func private @"<lambda>_1"(%arg0: tensor<f64>, %arg1: tensor<6xf64>, %arg2: tensor<3xf64>, %arg3: tensor<3x6xf64>) -> (tensor<f64>, tensor<3xf64>) {
    %0 = stablehlo.slice %arg1 [0:1] : (tensor<6xf64>) -> tensor<1xf64>
    %1 = stablehlo.slice %arg3 [0:3, 0:1] : (tensor<3x6xf64>) -> tensor<3x1xf64>
    %2 = stablehlo.reshape %0 : (tensor<1xf64>) -> tensor<f64>
    %3 = stablehlo.reshape %1 : (tensor<3x1xf64>) -> tensor<3xf64>
    %4 = stablehlo.slice %arg1 [1:2] : (tensor<6xf64>) -> tensor<1xf64>
    %5 = stablehlo.slice %arg3 [0:3, 1:2] : (tensor<3x6xf64>) -> tensor<3x1xf64>
    %6 = stablehlo.reshape %4 : (tensor<1xf64>) -> tensor<f64>
    %7 = stablehlo.reshape %5 : (tensor<3x1xf64>) -> tensor<3xf64>
    %8 = stablehlo.slice %arg1 [2:3] : (tensor<6xf64>) -> tensor<1xf64>
    %9 = stablehlo.slice %arg3 [0:3, 2:3] : (tensor<3x6xf64>) -> tensor<3x1xf64>
    %10 = stablehlo.reshape %8 : (tensor<1xf64>) -> tensor<f64>
    %11 = stablehlo.reshape %9 : (tensor<3x1xf64>) -> tensor<3xf64>
    %12 = stablehlo.slice %arg1 [3:4] : (tensor<6xf64>) -> tensor<1xf64>
    %13 = stablehlo.slice %arg3 [0:3, 3:4] : (tensor<3x6xf64>) -> tensor<3x1xf64>
    %14 = stablehlo.reshape %12 : (tensor<1xf64>) -> tensor<f64>
    %15 = stablehlo.reshape %13 : (tensor<3x1xf64>) -> tensor<3xf64>
    %16 = stablehlo.slice %arg1 [4:5] : (tensor<6xf64>) -> tensor<1xf64>
    %17 = stablehlo.slice %arg3 [0:3, 4:5] : (tensor<3x6xf64>) -> tensor<3x1xf64>
    %18 = stablehlo.reshape %16 : (tensor<1xf64>) -> tensor<f64>
    %19 = stablehlo.reshape %17 : (tensor<3x1xf64>) -> tensor<3xf64>
    %20 = stablehlo.slice %arg1 [5:6] : (tensor<6xf64>) -> tensor<1xf64>
    %21 = stablehlo.slice %arg3 [0:3, 5:6] : (tensor<3x6xf64>) -> tensor<3x1xf64>
    %22 = stablehlo.reshape %20 : (tensor<1xf64>) -> tensor<f64>
    %23 = stablehlo.reshape %21 : (tensor<3x1xf64>) -> tensor<3xf64>
    %24 = stablehlo.slice %arg1 [0:1] : (tensor<6xf64>) -> tensor<1xf64>
    %25 = stablehlo.slice %arg3 [0:3, 0:1] : (tensor<3x6xf64>) -> tensor<3x1xf64>
    %26 = stablehlo.reshape %24 : (tensor<1xf64>) -> tensor<f64>
    %27 = stablehlo.reshape %25 : (tensor<3x1xf64>) -> tensor<3xf64>
    %28 = stablehlo.slice %arg1 [1:2] : (tensor<6xf64>) -> tensor<1xf64>
    %29 = stablehlo.slice %arg3 [0:3, 1:2] : (tensor<3x6xf64>) -> tensor<3x1xf64>
    %30 = stablehlo.reshape %28 : (tensor<1xf64>) -> tensor<f64>
    %31 = stablehlo.reshape %29 : (tensor<3x1xf64>) -> tensor<3xf64>
    %32 = stablehlo.slice %arg1 [2:3] : (tensor<6xf64>) -> tensor<1xf64>
    %33 = stablehlo.slice %arg3 [0:3, 2:3] : (tensor<3x6xf64>) -> tensor<3x1xf64>
    %34 = stablehlo.reshape %32 : (tensor<1xf64>) -> tensor<f64>
    %35 = stablehlo.reshape %33 : (tensor<3x1xf64>) -> tensor<3xf64>
    %36 = stablehlo.slice %arg1 [3:4] : (tensor<6xf64>) -> tensor<1xf64>
    %37 = stablehlo.slice %arg3 [0:3, 3:4] : (tensor<3x6xf64>) -> tensor<3x1xf64>
    %38 = stablehlo.reshape %36 : (tensor<1xf64>) -> tensor<f64>
    %39 = stablehlo.reshape %37 : (tensor<3x1xf64>) -> tensor<3xf64>
    %40 = stablehlo.slice %arg1 [4:5] : (tensor<6xf64>) -> tensor<1xf64>
    %41 = stablehlo.slice %arg3 [0:3, 4:5] : (tensor<3x6xf64>) -> tensor<3x1xf64>
    %42 = stablehlo.reshape %40 : (tensor<1xf64>) -> tensor<f64>
    %43 = stablehlo.reshape %41 : (tensor<3x1xf64>) -> tensor<3xf64>
    %44 = stablehlo.slice %arg1 [5:6] : (tensor<6xf64>) -> tensor<1xf64>
    %45 = stablehlo.slice %arg3 [0:3, 5:6] : (tensor<3x6xf64>) -> tensor<3x1xf64>
    %46 = stablehlo.reshape %44 : (tensor<1xf64>) -> tensor<f64>
    %47 = stablehlo.reshape %45 : (tensor<3x1xf64>) -> tensor<3xf64>
    %cst = stablehlo.constant dense<0.28451556> : tensor<f64>
    %48 = stablehlo.multiply %arg0, %cst : tensor<f64>
    %cst_0 = stablehlo.constant dense<0.28451556> : tensor<f64>
    %49 = stablehlo.broadcast_in_dim %cst_0, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %50 = stablehlo.multiply %arg2, %49 : tensor<3xf64>
    %cst_1 = stablehlo.constant dense<2.8944122836731561> : tensor<f64>
    %51 = stablehlo.add %cst_1, %48 : tensor<f64>
    %cst_2 = stablehlo.constant dense<0.63762430634225065> : tensor<f64>
    %52 = stablehlo.add %51, %cst_2 : tensor<f64>
    %cst_3 = stablehlo.constant dense<0.37161216000000002> : tensor<f64>
    %53 = stablehlo.multiply %arg0, %cst_3 : tensor<f64>
    %cst_4 = stablehlo.constant dense<0.37161216000000002> : tensor<f64>
    %54 = stablehlo.broadcast_in_dim %cst_4, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %55 = stablehlo.multiply %arg2, %54 : tensor<3xf64>
    %cst_5 = stablehlo.constant dense<2.7288719786342384> : tensor<f64>
    %56 = stablehlo.add %cst_5, %53 : tensor<f64>
    %cst_6 = stablehlo.constant dense<5.334000e-01> : tensor<f64>
    %57 = stablehlo.multiply %arg0, %cst_6 : tensor<f64>
    %cst_7 = stablehlo.constant dense<5.334000e-01> : tensor<f64>
    %58 = stablehlo.broadcast_in_dim %cst_7, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %59 = stablehlo.multiply %arg2, %58 : tensor<3xf64>
    %cst_8 = stablehlo.constant dense<6.096000e-01> : tensor<f64>
    %60 = stablehlo.multiply %57, %cst_8 : tensor<f64>
    %cst_9 = stablehlo.constant dense<6.096000e-01> : tensor<f64>
    %61 = stablehlo.broadcast_in_dim %cst_9, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %62 = stablehlo.multiply %59, %61 : tensor<3xf64>
    %cst_10 = stablehlo.constant dense<5.334000e-01> : tensor<f64>
    %63 = stablehlo.multiply %arg0, %cst_10 : tensor<f64>
    %cst_11 = stablehlo.constant dense<5.334000e-01> : tensor<f64>
    %64 = stablehlo.broadcast_in_dim %cst_11, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %65 = stablehlo.multiply %arg2, %64 : tensor<3xf64>
    %cst_12 = stablehlo.constant dense<4.0199599500471406> : tensor<f64>
    %66 = stablehlo.subtract %cst_12, %63 : tensor<f64>
    %67 = stablehlo.negate %65 : tensor<3xf64>
    %68 = stablehlo.subtract %30, %26 : tensor<f64>
    %69 = stablehlo.subtract %31, %27 : tensor<3xf64>
    %70 = stablehlo.sine %68 : tensor<f64>
    %71 = stablehlo.cosine %68 : tensor<f64>
    %72 = stablehlo.broadcast_in_dim %71, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %73 = stablehlo.multiply %69, %72 : tensor<3xf64>
    %74 = stablehlo.multiply %60, %70 : tensor<f64>
    %75 = stablehlo.broadcast_in_dim %70, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %76 = stablehlo.multiply %62, %75 : tensor<3xf64>
    %77 = stablehlo.broadcast_in_dim %60, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %78 = stablehlo.multiply %77, %73 : tensor<3xf64>
    %79 = stablehlo.add %76, %78 : tensor<3xf64>
    %80 = stablehlo.multiply %74, %42 : tensor<f64>
    %81 = stablehlo.broadcast_in_dim %42, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %82 = stablehlo.multiply %79, %81 : tensor<3xf64>
    %83 = stablehlo.broadcast_in_dim %74, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %84 = stablehlo.multiply %83, %43 : tensor<3xf64>
    %85 = stablehlo.add %82, %84 : tensor<3xf64>
    %86 = stablehlo.multiply %80, %42 : tensor<f64>
    %87 = stablehlo.broadcast_in_dim %42, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %88 = stablehlo.multiply %85, %87 : tensor<3xf64>
    %89 = stablehlo.broadcast_in_dim %80, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %90 = stablehlo.multiply %89, %43 : tensor<3xf64>
    %91 = stablehlo.add %88, %90 : tensor<3xf64>
    %92 = stablehlo.subtract %34, %26 : tensor<f64>
    %93 = stablehlo.subtract %35, %27 : tensor<3xf64>
    %94 = stablehlo.sine %92 : tensor<f64>
    %95 = stablehlo.cosine %92 : tensor<f64>
    %96 = stablehlo.broadcast_in_dim %95, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %97 = stablehlo.multiply %93, %96 : tensor<3xf64>
    %cst_13 = stablehlo.constant dense<0.64147333410432839> : tensor<f64>
    %98 = stablehlo.multiply %cst_13, %94 : tensor<f64>
    %cst_14 = stablehlo.constant dense<0.64147333410432839> : tensor<f64>
    %99 = stablehlo.broadcast_in_dim %cst_14, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %100 = stablehlo.multiply %99, %97 : tensor<3xf64>
    %101 = stablehlo.multiply %98, %46 : tensor<f64>
    %102 = stablehlo.broadcast_in_dim %46, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %103 = stablehlo.multiply %100, %102 : tensor<3xf64>
    %104 = stablehlo.broadcast_in_dim %98, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %105 = stablehlo.multiply %104, %47 : tensor<3xf64>
    %106 = stablehlo.add %103, %105 : tensor<3xf64>
    %107 = stablehlo.multiply %101, %46 : tensor<f64>
    %108 = stablehlo.broadcast_in_dim %46, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %109 = stablehlo.multiply %106, %108 : tensor<3xf64>
    %110 = stablehlo.broadcast_in_dim %101, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %111 = stablehlo.multiply %110, %47 : tensor<3xf64>
    %112 = stablehlo.add %109, %111 : tensor<3xf64>
    %113 = stablehlo.add %86, %107 : tensor<f64>
    %114 = stablehlo.add %91, %112 : tensor<3xf64>
    %cst_15 = stablehlo.constant dense<9.8066499999999994> : tensor<f64>
    %115 = stablehlo.multiply %cst_15, %66 : tensor<f64>
    %cst_16 = stablehlo.constant dense<9.8066499999999994> : tensor<f64>
    %116 = stablehlo.broadcast_in_dim %cst_16, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %117 = stablehlo.multiply %116, %67 : tensor<3xf64>
    %118 = stablehlo.sine %26 : tensor<f64>
    %119 = stablehlo.cosine %26 : tensor<f64>
    %120 = stablehlo.broadcast_in_dim %119, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %121 = stablehlo.multiply %27, %120 : tensor<3xf64>
    %122 = stablehlo.multiply %115, %118 : tensor<f64>
    %123 = stablehlo.broadcast_in_dim %118, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %124 = stablehlo.multiply %117, %123 : tensor<3xf64>
    %125 = stablehlo.broadcast_in_dim %115, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %126 = stablehlo.multiply %125, %121 : tensor<3xf64>
    %127 = stablehlo.add %124, %126 : tensor<3xf64>
    %128 = stablehlo.add %113, %122 : tensor<f64>
    %129 = stablehlo.add %114, %127 : tensor<3xf64>
    %130 = stablehlo.negate %60 : tensor<f64>
    %131 = stablehlo.negate %62 : tensor<3xf64>
    %132 = stablehlo.subtract %30, %26 : tensor<f64>
    %133 = stablehlo.subtract %31, %27 : tensor<3xf64>
    %134 = stablehlo.sine %132 : tensor<f64>
    %135 = stablehlo.cosine %132 : tensor<f64>
    %136 = stablehlo.broadcast_in_dim %135, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %137 = stablehlo.multiply %133, %136 : tensor<3xf64>
    %138 = stablehlo.multiply %130, %134 : tensor<f64>
    %139 = stablehlo.broadcast_in_dim %134, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %140 = stablehlo.multiply %131, %139 : tensor<3xf64>
    %141 = stablehlo.broadcast_in_dim %130, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %142 = stablehlo.multiply %141, %137 : tensor<3xf64>
    %143 = stablehlo.add %140, %142 : tensor<3xf64>
    %144 = stablehlo.multiply %138, %38 : tensor<f64>
    %145 = stablehlo.broadcast_in_dim %38, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %146 = stablehlo.multiply %143, %145 : tensor<3xf64>
    %147 = stablehlo.broadcast_in_dim %138, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %148 = stablehlo.multiply %147, %39 : tensor<3xf64>
    %149 = stablehlo.add %146, %148 : tensor<3xf64>
    %150 = stablehlo.multiply %144, %38 : tensor<f64>
    %151 = stablehlo.broadcast_in_dim %38, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %152 = stablehlo.multiply %149, %151 : tensor<3xf64>
    %153 = stablehlo.broadcast_in_dim %144, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %154 = stablehlo.multiply %153, %39 : tensor<3xf64>
    %155 = stablehlo.add %152, %154 : tensor<3xf64>
    %cst_17 = stablehlo.constant dense<9.8066499999999994> : tensor<f64>
    %156 = stablehlo.multiply %cst_17, %arg0 : tensor<f64>
    %cst_18 = stablehlo.constant dense<9.8066499999999994> : tensor<f64>
    %157 = stablehlo.broadcast_in_dim %cst_18, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %158 = stablehlo.multiply %157, %arg2 : tensor<3xf64>
    %cst_19 = stablehlo.constant dense<6.096000e-01> : tensor<f64>
    %159 = stablehlo.multiply %156, %cst_19 : tensor<f64>
    %cst_20 = stablehlo.constant dense<6.096000e-01> : tensor<f64>
    %160 = stablehlo.broadcast_in_dim %cst_20, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %161 = stablehlo.multiply %158, %160 : tensor<3xf64>
    %162 = stablehlo.sine %30 : tensor<f64>
    %163 = stablehlo.cosine %30 : tensor<f64>
    %164 = stablehlo.broadcast_in_dim %163, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %165 = stablehlo.multiply %31, %164 : tensor<3xf64>
    %166 = stablehlo.multiply %159, %162 : tensor<f64>
    %167 = stablehlo.broadcast_in_dim %162, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %168 = stablehlo.multiply %161, %167 : tensor<3xf64>
    %169 = stablehlo.broadcast_in_dim %159, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %170 = stablehlo.multiply %169, %165 : tensor<3xf64>
    %171 = stablehlo.add %168, %170 : tensor<3xf64>
    %172 = stablehlo.subtract %150, %166 : tensor<f64>
    %173 = stablehlo.subtract %155, %171 : tensor<3xf64>
    %174 = stablehlo.subtract %34, %26 : tensor<f64>
    %175 = stablehlo.subtract %35, %27 : tensor<3xf64>
    %176 = stablehlo.sine %174 : tensor<f64>
    %177 = stablehlo.cosine %174 : tensor<f64>
    %178 = stablehlo.broadcast_in_dim %177, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %179 = stablehlo.multiply %175, %178 : tensor<3xf64>
    %cst_21 = stablehlo.constant dense<-0.64147333410432839> : tensor<f64>
    %180 = stablehlo.multiply %cst_21, %176 : tensor<f64>
    %cst_22 = stablehlo.constant dense<-0.64147333410432839> : tensor<f64>
    %181 = stablehlo.broadcast_in_dim %cst_22, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %182 = stablehlo.multiply %181, %179 : tensor<3xf64>
    %183 = stablehlo.multiply %180, %38 : tensor<f64>
    %184 = stablehlo.broadcast_in_dim %38, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %185 = stablehlo.multiply %182, %184 : tensor<3xf64>
    %186 = stablehlo.broadcast_in_dim %180, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %187 = stablehlo.multiply %186, %39 : tensor<3xf64>
    %188 = stablehlo.add %185, %187 : tensor<3xf64>
    %189 = stablehlo.multiply %183, %38 : tensor<f64>
    %190 = stablehlo.broadcast_in_dim %38, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %191 = stablehlo.multiply %188, %190 : tensor<3xf64>
    %192 = stablehlo.broadcast_in_dim %183, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %193 = stablehlo.multiply %192, %39 : tensor<3xf64>
    %194 = stablehlo.add %191, %193 : tensor<3xf64>
    %195 = stablehlo.sine %34 : tensor<f64>
    %196 = stablehlo.cosine %34 : tensor<f64>
    %197 = stablehlo.broadcast_in_dim %196, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %198 = stablehlo.multiply %35, %197 : tensor<3xf64>
    %cst_23 = stablehlo.constant dense<3.0386917254310943> : tensor<f64>
    %199 = stablehlo.multiply %cst_23, %195 : tensor<f64>
    %cst_24 = stablehlo.constant dense<3.0386917254310943> : tensor<f64>
    %200 = stablehlo.broadcast_in_dim %cst_24, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %201 = stablehlo.multiply %200, %198 : tensor<3xf64>
    %202 = stablehlo.add %189, %199 : tensor<f64>
    %203 = stablehlo.add %194, %201 : tensor<3xf64>
    %204 = stablehlo.subtract %30, %26 : tensor<f64>
    %205 = stablehlo.subtract %31, %27 : tensor<3xf64>
    %206 = stablehlo.cosine %204 : tensor<f64>
    %207 = stablehlo.sine %204 : tensor<f64>
    %208 = stablehlo.broadcast_in_dim %207, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %209 = stablehlo.multiply %205, %208 : tensor<3xf64>
    %210 = stablehlo.negate %209 : tensor<3xf64>
    %211 = stablehlo.multiply %60, %206 : tensor<f64>
    %212 = stablehlo.broadcast_in_dim %206, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %213 = stablehlo.multiply %62, %212 : tensor<3xf64>
    %214 = stablehlo.broadcast_in_dim %60, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %215 = stablehlo.multiply %214, %210 : tensor<3xf64>
    %216 = stablehlo.add %213, %215 : tensor<3xf64>
    %217 = stablehlo.subtract %34, %26 : tensor<f64>
    %218 = stablehlo.subtract %35, %27 : tensor<3xf64>
    %219 = stablehlo.cosine %217 : tensor<f64>
    %220 = stablehlo.sine %217 : tensor<f64>
    %221 = stablehlo.broadcast_in_dim %220, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %222 = stablehlo.multiply %218, %221 : tensor<3xf64>
    %223 = stablehlo.negate %222 : tensor<3xf64>
    %cst_25 = stablehlo.constant dense<0.64147333410432839> : tensor<f64>
    %224 = stablehlo.multiply %cst_25, %219 : tensor<f64>
    %cst_26 = stablehlo.constant dense<0.64147333410432839> : tensor<f64>
    %225 = stablehlo.broadcast_in_dim %cst_26, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %226 = stablehlo.multiply %225, %223 : tensor<3xf64>
    %227 = stablehlo.multiply %211, %211 : tensor<f64>
    %cst_27 = stablehlo.constant dense<2.000000e+00> : tensor<f64>
    %228 = stablehlo.multiply %cst_27, %211 : tensor<f64>
    %229 = stablehlo.broadcast_in_dim %228, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %230 = stablehlo.multiply %216, %229 : tensor<3xf64>
    %231 = stablehlo.divide %227, %56 : tensor<f64>
    %232 = stablehlo.broadcast_in_dim %56, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %233 = stablehlo.divide %230, %232 : tensor<3xf64>
    %234 = stablehlo.negate %55 : tensor<3xf64>
    %235 = stablehlo.broadcast_in_dim %227, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %236 = stablehlo.multiply %234, %235 : tensor<3xf64>
    %237 = stablehlo.multiply %56, %56 : tensor<f64>
    %cst_28 = stablehlo.constant dense<1.000000e+00> : tensor<f64>
    %238 = stablehlo.divide %cst_28, %237 : tensor<f64>
    %239 = stablehlo.broadcast_in_dim %238, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %240 = stablehlo.multiply %236, %239 : tensor<3xf64>
    %241 = stablehlo.add %233, %240 : tensor<3xf64>
    %242 = stablehlo.subtract %52, %231 : tensor<f64>
    %243 = stablehlo.subtract %50, %241 : tensor<3xf64>
    %244 = stablehlo.multiply %211, %172 : tensor<f64>
    %245 = stablehlo.broadcast_in_dim %172, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %246 = stablehlo.multiply %216, %245 : tensor<3xf64>
    %247 = stablehlo.broadcast_in_dim %211, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %248 = stablehlo.multiply %247, %173 : tensor<3xf64>
    %249 = stablehlo.add %246, %248 : tensor<3xf64>
    %250 = stablehlo.divide %244, %56 : tensor<f64>
    %251 = stablehlo.broadcast_in_dim %56, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %252 = stablehlo.divide %249, %251 : tensor<3xf64>
    %253 = stablehlo.negate %55 : tensor<3xf64>
    %254 = stablehlo.broadcast_in_dim %244, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %255 = stablehlo.multiply %253, %254 : tensor<3xf64>
    %256 = stablehlo.multiply %56, %56 : tensor<f64>
    %cst_29 = stablehlo.constant dense<1.000000e+00> : tensor<f64>
    %257 = stablehlo.divide %cst_29, %256 : tensor<f64>
    %258 = stablehlo.broadcast_in_dim %257, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %259 = stablehlo.multiply %255, %258 : tensor<3xf64>
    %260 = stablehlo.add %252, %259 : tensor<3xf64>
    %261 = stablehlo.subtract %128, %250 : tensor<f64>
    %262 = stablehlo.subtract %129, %260 : tensor<3xf64>
    %263 = stablehlo.sine %26 : tensor<f64>
    %264 = stablehlo.cosine %26 : tensor<f64>
    %265 = stablehlo.broadcast_in_dim %264, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %266 = stablehlo.multiply %27, %265 : tensor<3xf64>
    %cst_30 = stablehlo.constant dense<-2.0702015999999999> : tensor<f64>
    %267 = stablehlo.multiply %cst_30, %263 : tensor<f64>
    %cst_31 = stablehlo.constant dense<-2.0702015999999999> : tensor<f64>
    %268 = stablehlo.broadcast_in_dim %cst_31, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %269 = stablehlo.multiply %268, %266 : tensor<3xf64>
    %270 = stablehlo.sine %34 : tensor<f64>
    %271 = stablehlo.cosine %34 : tensor<f64>
    %272 = stablehlo.broadcast_in_dim %271, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %273 = stablehlo.multiply %35, %272 : tensor<3xf64>
    %cst_32 = stablehlo.constant dense<2.0826983999999999> : tensor<f64>
    %274 = stablehlo.multiply %cst_32, %270 : tensor<f64>
    %cst_33 = stablehlo.constant dense<2.0826983999999999> : tensor<f64>
    %275 = stablehlo.broadcast_in_dim %cst_33, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %276 = stablehlo.multiply %275, %273 : tensor<3xf64>
    %277 = stablehlo.divide %267, %274 : tensor<f64>
    %278 = stablehlo.broadcast_in_dim %274, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %279 = stablehlo.divide %269, %278 : tensor<3xf64>
    %280 = stablehlo.negate %276 : tensor<3xf64>
    %281 = stablehlo.broadcast_in_dim %267, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %282 = stablehlo.multiply %280, %281 : tensor<3xf64>
    %283 = stablehlo.multiply %274, %274 : tensor<f64>
    %cst_34 = stablehlo.constant dense<1.000000e+00> : tensor<f64>
    %284 = stablehlo.divide %cst_34, %283 : tensor<f64>
    %285 = stablehlo.broadcast_in_dim %284, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %286 = stablehlo.multiply %282, %285 : tensor<3xf64>
    %287 = stablehlo.add %279, %286 : tensor<3xf64>
    %288 = stablehlo.cosine %26 : tensor<f64>
    %289 = stablehlo.sine %26 : tensor<f64>
    %290 = stablehlo.broadcast_in_dim %289, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %291 = stablehlo.multiply %27, %290 : tensor<3xf64>
    %292 = stablehlo.negate %291 : tensor<3xf64>
    %cst_35 = stablehlo.constant dense<2.0702015999999999> : tensor<f64>
    %293 = stablehlo.multiply %cst_35, %288 : tensor<f64>
    %cst_36 = stablehlo.constant dense<2.0702015999999999> : tensor<f64>
    %294 = stablehlo.broadcast_in_dim %cst_36, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %295 = stablehlo.multiply %294, %292 : tensor<3xf64>
    %296 = stablehlo.multiply %293, %38 : tensor<f64>
    %297 = stablehlo.broadcast_in_dim %38, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %298 = stablehlo.multiply %295, %297 : tensor<3xf64>
    %299 = stablehlo.broadcast_in_dim %293, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %300 = stablehlo.multiply %299, %39 : tensor<3xf64>
    %301 = stablehlo.add %298, %300 : tensor<3xf64>
    %302 = stablehlo.multiply %296, %38 : tensor<f64>
    %303 = stablehlo.broadcast_in_dim %38, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %304 = stablehlo.multiply %301, %303 : tensor<3xf64>
    %305 = stablehlo.broadcast_in_dim %296, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %306 = stablehlo.multiply %305, %39 : tensor<3xf64>
    %307 = stablehlo.add %304, %306 : tensor<3xf64>
    %308 = stablehlo.cosine %34 : tensor<f64>
    %309 = stablehlo.sine %34 : tensor<f64>
    %310 = stablehlo.broadcast_in_dim %309, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %311 = stablehlo.multiply %35, %310 : tensor<3xf64>
    %312 = stablehlo.negate %311 : tensor<3xf64>
    %cst_37 = stablehlo.constant dense<2.0826983999999999> : tensor<f64>
    %313 = stablehlo.multiply %cst_37, %308 : tensor<f64>
    %cst_38 = stablehlo.constant dense<2.0826983999999999> : tensor<f64>
    %314 = stablehlo.broadcast_in_dim %cst_38, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %315 = stablehlo.multiply %314, %312 : tensor<3xf64>
    %316 = stablehlo.multiply %313, %46 : tensor<f64>
    %317 = stablehlo.broadcast_in_dim %46, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %318 = stablehlo.multiply %315, %317 : tensor<3xf64>
    %319 = stablehlo.broadcast_in_dim %313, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %320 = stablehlo.multiply %319, %47 : tensor<3xf64>
    %321 = stablehlo.add %318, %320 : tensor<3xf64>
    %322 = stablehlo.multiply %316, %46 : tensor<f64>
    %323 = stablehlo.broadcast_in_dim %46, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %324 = stablehlo.multiply %321, %323 : tensor<3xf64>
    %325 = stablehlo.broadcast_in_dim %316, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %326 = stablehlo.multiply %325, %47 : tensor<3xf64>
    %327 = stablehlo.add %324, %326 : tensor<3xf64>
    %328 = stablehlo.add %302, %322 : tensor<f64>
    %329 = stablehlo.add %307, %327 : tensor<3xf64>
    %330 = stablehlo.negate %328 : tensor<f64>
    %331 = stablehlo.negate %329 : tensor<3xf64>
    %332 = stablehlo.sine %34 : tensor<f64>
    %333 = stablehlo.cosine %34 : tensor<f64>
    %334 = stablehlo.broadcast_in_dim %333, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %335 = stablehlo.multiply %35, %334 : tensor<3xf64>
    %cst_39 = stablehlo.constant dense<2.0826983999999999> : tensor<f64>
    %336 = stablehlo.multiply %cst_39, %332 : tensor<f64>
    %cst_40 = stablehlo.constant dense<2.0826983999999999> : tensor<f64>
    %337 = stablehlo.broadcast_in_dim %cst_40, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %338 = stablehlo.multiply %337, %335 : tensor<3xf64>
    %339 = stablehlo.divide %330, %336 : tensor<f64>
    %340 = stablehlo.broadcast_in_dim %336, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %341 = stablehlo.divide %331, %340 : tensor<3xf64>
    %342 = stablehlo.negate %338 : tensor<3xf64>
    %343 = stablehlo.broadcast_in_dim %330, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %344 = stablehlo.multiply %342, %343 : tensor<3xf64>
    %345 = stablehlo.multiply %336, %336 : tensor<f64>
    %cst_41 = stablehlo.constant dense<1.000000e+00> : tensor<f64>
    %346 = stablehlo.divide %cst_41, %345 : tensor<f64>
    %347 = stablehlo.broadcast_in_dim %346, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %348 = stablehlo.multiply %344, %347 : tensor<3xf64>
    %349 = stablehlo.add %341, %348 : tensor<3xf64>
    %cst_42 = stablehlo.constant dense<2.000000e+00> : tensor<f64>
    %350 = stablehlo.multiply %cst_42, %224 : tensor<f64>
    %cst_43 = stablehlo.constant dense<2.000000e+00> : tensor<f64>
    %351 = stablehlo.broadcast_in_dim %cst_43, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %352 = stablehlo.multiply %351, %226 : tensor<3xf64>
    %cst_44 = stablehlo.constant dense<0.64534559657462842> : tensor<f64>
    %353 = stablehlo.multiply %277, %cst_44 : tensor<f64>
    %cst_45 = stablehlo.constant dense<0.64534559657462842> : tensor<f64>
    %354 = stablehlo.broadcast_in_dim %cst_45, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %355 = stablehlo.multiply %287, %354 : tensor<3xf64>
    %356 = stablehlo.add %350, %353 : tensor<f64>
    %357 = stablehlo.add %352, %355 : tensor<3xf64>
    %358 = stablehlo.multiply %277, %356 : tensor<f64>
    %359 = stablehlo.broadcast_in_dim %356, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %360 = stablehlo.multiply %287, %359 : tensor<3xf64>
    %361 = stablehlo.broadcast_in_dim %277, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %362 = stablehlo.multiply %361, %357 : tensor<3xf64>
    %363 = stablehlo.add %360, %362 : tensor<3xf64>
    %364 = stablehlo.add %242, %358 : tensor<f64>
    %365 = stablehlo.add %243, %363 : tensor<3xf64>
    %366 = stablehlo.multiply %277, %202 : tensor<f64>
    %367 = stablehlo.broadcast_in_dim %202, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %368 = stablehlo.multiply %287, %367 : tensor<3xf64>
    %369 = stablehlo.broadcast_in_dim %277, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %370 = stablehlo.multiply %369, %203 : tensor<3xf64>
    %371 = stablehlo.add %368, %370 : tensor<3xf64>
    %372 = stablehlo.add %261, %366 : tensor<f64>
    %373 = stablehlo.add %262, %371 : tensor<3xf64>
    %cst_46 = stablehlo.constant dense<0.64534559657462842> : tensor<f64>
    %374 = stablehlo.multiply %277, %cst_46 : tensor<f64>
    %cst_47 = stablehlo.constant dense<0.64534559657462842> : tensor<f64>
    %375 = stablehlo.broadcast_in_dim %cst_47, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %376 = stablehlo.multiply %287, %375 : tensor<3xf64>
    %377 = stablehlo.add %224, %374 : tensor<f64>
    %378 = stablehlo.add %226, %376 : tensor<3xf64>
    %379 = stablehlo.multiply %377, %339 : tensor<f64>
    %380 = stablehlo.broadcast_in_dim %339, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %381 = stablehlo.multiply %378, %380 : tensor<3xf64>
    %382 = stablehlo.broadcast_in_dim %377, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %383 = stablehlo.multiply %382, %349 : tensor<3xf64>
    %384 = stablehlo.add %381, %383 : tensor<3xf64>
    %385 = stablehlo.subtract %372, %379 : tensor<f64>
    %386 = stablehlo.subtract %373, %384 : tensor<3xf64>
    %387 = stablehlo.divide %385, %364 : tensor<f64>
    %388 = stablehlo.broadcast_in_dim %364, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %389 = stablehlo.divide %386, %388 : tensor<3xf64>
    %390 = stablehlo.negate %365 : tensor<3xf64>
    %391 = stablehlo.broadcast_in_dim %385, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %392 = stablehlo.multiply %390, %391 : tensor<3xf64>
    %393 = stablehlo.multiply %364, %364 : tensor<f64>
    %cst_48 = stablehlo.constant dense<1.000000e+00> : tensor<f64>
    %394 = stablehlo.divide %cst_48, %393 : tensor<f64>
    %395 = stablehlo.broadcast_in_dim %394, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %396 = stablehlo.multiply %392, %395 : tensor<3xf64>
    %397 = stablehlo.add %389, %396 : tensor<3xf64>
    %398 = stablehlo.multiply %277, %387 : tensor<f64>
    %399 = stablehlo.broadcast_in_dim %387, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %400 = stablehlo.multiply %287, %399 : tensor<3xf64>
    %401 = stablehlo.broadcast_in_dim %277, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %402 = stablehlo.multiply %401, %397 : tensor<3xf64>
    %403 = stablehlo.add %400, %402 : tensor<3xf64>
    %404 = stablehlo.add %398, %339 : tensor<f64>
    %405 = stablehlo.add %403, %349 : tensor<3xf64>
    %406 = stablehlo.multiply %211, %387 : tensor<f64>
    %407 = stablehlo.broadcast_in_dim %387, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %408 = stablehlo.multiply %216, %407 : tensor<3xf64>
    %409 = stablehlo.broadcast_in_dim %211, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %410 = stablehlo.multiply %409, %397 : tensor<3xf64>
    %411 = stablehlo.add %408, %410 : tensor<3xf64>
    %412 = stablehlo.subtract %172, %406 : tensor<f64>
    %413 = stablehlo.subtract %173, %411 : tensor<3xf64>
    %414 = stablehlo.divide %412, %56 : tensor<f64>
    %415 = stablehlo.broadcast_in_dim %56, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %416 = stablehlo.divide %413, %415 : tensor<3xf64>
    %417 = stablehlo.negate %55 : tensor<3xf64>
    %418 = stablehlo.broadcast_in_dim %412, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %419 = stablehlo.multiply %417, %418 : tensor<3xf64>
    %420 = stablehlo.multiply %56, %56 : tensor<f64>
    %cst_49 = stablehlo.constant dense<1.000000e+00> : tensor<f64>
    %421 = stablehlo.divide %cst_49, %420 : tensor<f64>
    %422 = stablehlo.broadcast_in_dim %421, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %423 = stablehlo.multiply %419, %422 : tensor<3xf64>
    %424 = stablehlo.add %416, %423 : tensor<3xf64>
    %425 = stablehlo.broadcast_in_dim %38, dims = [] : (tensor<f64>) -> tensor<1xf64>
    %426 = stablehlo.broadcast_in_dim %42, dims = [] : (tensor<f64>) -> tensor<1xf64>
    %427 = stablehlo.broadcast_in_dim %46, dims = [] : (tensor<f64>) -> tensor<1xf64>
    %428 = stablehlo.broadcast_in_dim %387, dims = [] : (tensor<f64>) -> tensor<1xf64>
    %429 = stablehlo.broadcast_in_dim %414, dims = [] : (tensor<f64>) -> tensor<1xf64>
    %430 = stablehlo.broadcast_in_dim %404, dims = [] : (tensor<f64>) -> tensor<1xf64>
    %431 = stablehlo.concatenate %425, %426, %427, %428, %429, %430, dim = 0 : (tensor<1xf64>, tensor<1xf64>, tensor<1xf64>, tensor<1xf64>, tensor<1xf64>, tensor<1xf64>) -> tensor<6xf64>
    %432 = stablehlo.broadcast_in_dim %39, dims = [1] : (tensor<3xf64>) -> tensor<1x3xf64>
    %433 = stablehlo.broadcast_in_dim %43, dims = [1] : (tensor<3xf64>) -> tensor<1x3xf64>
    %434 = stablehlo.broadcast_in_dim %47, dims = [1] : (tensor<3xf64>) -> tensor<1x3xf64>
    %435 = stablehlo.broadcast_in_dim %397, dims = [1] : (tensor<3xf64>) -> tensor<1x3xf64>
    %436 = stablehlo.broadcast_in_dim %424, dims = [1] : (tensor<3xf64>) -> tensor<1x3xf64>
    %437 = stablehlo.broadcast_in_dim %405, dims = [1] : (tensor<3xf64>) -> tensor<1x3xf64>
    %438 = stablehlo.concatenate %432, %433, %434, %435, %436, %437, dim = 0 : (tensor<1x3xf64>, tensor<1x3xf64>, tensor<1x3xf64>, tensor<1x3xf64>, tensor<1x3xf64>, tensor<1x3xf64>) -> tensor<6x3xf64>
    %439 = stablehlo.slice %431 [0:1] : (tensor<6xf64>) -> tensor<1xf64>
    %440 = stablehlo.slice %438 [0:1, 0:3] : (tensor<6x3xf64>) -> tensor<1x3xf64>
    %441 = stablehlo.reshape %439 : (tensor<1xf64>) -> tensor<f64>
    %442 = stablehlo.transpose %440, dims = [1, 0] : (tensor<1x3xf64>) -> tensor<3x1xf64>
    %443 = stablehlo.reshape %442 : (tensor<3x1xf64>) -> tensor<3xf64>
    %444 = stablehlo.slice %431 [1:2] : (tensor<6xf64>) -> tensor<1xf64>
    %445 = stablehlo.slice %438 [1:2, 0:3] : (tensor<6x3xf64>) -> tensor<1x3xf64>
    %446 = stablehlo.reshape %444 : (tensor<1xf64>) -> tensor<f64>
    %447 = stablehlo.transpose %445, dims = [1, 0] : (tensor<1x3xf64>) -> tensor<3x1xf64>
    %448 = stablehlo.reshape %447 : (tensor<3x1xf64>) -> tensor<3xf64>
    %449 = stablehlo.slice %431 [2:3] : (tensor<6xf64>) -> tensor<1xf64>
    %450 = stablehlo.slice %438 [2:3, 0:3] : (tensor<6x3xf64>) -> tensor<1x3xf64>
    %451 = stablehlo.reshape %449 : (tensor<1xf64>) -> tensor<f64>
    %452 = stablehlo.transpose %450, dims = [1, 0] : (tensor<1x3xf64>) -> tensor<3x1xf64>
    %453 = stablehlo.reshape %452 : (tensor<3x1xf64>) -> tensor<3xf64>
    %454 = stablehlo.slice %431 [3:4] : (tensor<6xf64>) -> tensor<1xf64>
    %455 = stablehlo.slice %438 [3:4, 0:3] : (tensor<6x3xf64>) -> tensor<1x3xf64>
    %456 = stablehlo.reshape %454 : (tensor<1xf64>) -> tensor<f64>
    %457 = stablehlo.transpose %455, dims = [1, 0] : (tensor<1x3xf64>) -> tensor<3x1xf64>
    %458 = stablehlo.reshape %457 : (tensor<3x1xf64>) -> tensor<3xf64>
    %459 = stablehlo.slice %431 [4:5] : (tensor<6xf64>) -> tensor<1xf64>
    %460 = stablehlo.slice %438 [4:5, 0:3] : (tensor<6x3xf64>) -> tensor<1x3xf64>
    %461 = stablehlo.reshape %459 : (tensor<1xf64>) -> tensor<f64>
    %462 = stablehlo.transpose %460, dims = [1, 0] : (tensor<1x3xf64>) -> tensor<3x1xf64>
    %463 = stablehlo.reshape %462 : (tensor<3x1xf64>) -> tensor<3xf64>
    %464 = stablehlo.slice %431 [5:6] : (tensor<6xf64>) -> tensor<1xf64>
    %465 = stablehlo.slice %438 [5:6, 0:3] : (tensor<6x3xf64>) -> tensor<1x3xf64>
    %466 = stablehlo.reshape %464 : (tensor<1xf64>) -> tensor<f64>
    %467 = stablehlo.transpose %465, dims = [1, 0] : (tensor<1x3xf64>) -> tensor<3x1xf64>
    %468 = stablehlo.reshape %467 : (tensor<3x1xf64>) -> tensor<3xf64>
    %469 = stablehlo.sine %2 : tensor<f64>
    %470 = stablehlo.cosine %2 : tensor<f64>
    %471 = stablehlo.broadcast_in_dim %470, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %472 = stablehlo.multiply %3, %471 : tensor<3xf64>
    %473 = stablehlo.multiply %469, %14 : tensor<f64>
    %474 = stablehlo.broadcast_in_dim %14, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %475 = stablehlo.multiply %472, %474 : tensor<3xf64>
    %476 = stablehlo.broadcast_in_dim %469, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %477 = stablehlo.multiply %476, %15 : tensor<3xf64>
    %478 = stablehlo.add %475, %477 : tensor<3xf64>
    %479 = stablehlo.multiply %473, %14 : tensor<f64>
    %480 = stablehlo.broadcast_in_dim %14, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %481 = stablehlo.multiply %478, %480 : tensor<3xf64>
    %482 = stablehlo.broadcast_in_dim %473, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %483 = stablehlo.multiply %482, %15 : tensor<3xf64>
    %484 = stablehlo.add %481, %483 : tensor<3xf64>
    %485 = stablehlo.cosine %2 : tensor<f64>
    %486 = stablehlo.sine %2 : tensor<f64>
    %487 = stablehlo.broadcast_in_dim %486, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %488 = stablehlo.multiply %3, %487 : tensor<3xf64>
    %489 = stablehlo.negate %488 : tensor<3xf64>
    %490 = stablehlo.multiply %485, %456 : tensor<f64>
    %491 = stablehlo.broadcast_in_dim %456, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %492 = stablehlo.multiply %489, %491 : tensor<3xf64>
    %493 = stablehlo.broadcast_in_dim %485, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %494 = stablehlo.multiply %493, %458 : tensor<3xf64>
    %495 = stablehlo.add %492, %494 : tensor<3xf64>
    %496 = stablehlo.subtract %479, %490 : tensor<f64>
    %497 = stablehlo.subtract %484, %495 : tensor<3xf64>
    %cst_50 = stablehlo.constant dense<2.0702015999999999> : tensor<f64>
    %498 = stablehlo.multiply %cst_50, %496 : tensor<f64>
    %cst_51 = stablehlo.constant dense<2.0702015999999999> : tensor<f64>
    %499 = stablehlo.broadcast_in_dim %cst_51, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %500 = stablehlo.multiply %499, %497 : tensor<3xf64>
    %501 = stablehlo.sine %10 : tensor<f64>
    %502 = stablehlo.cosine %10 : tensor<f64>
    %503 = stablehlo.broadcast_in_dim %502, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %504 = stablehlo.multiply %11, %503 : tensor<3xf64>
    %505 = stablehlo.multiply %501, %22 : tensor<f64>
    %506 = stablehlo.broadcast_in_dim %22, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %507 = stablehlo.multiply %504, %506 : tensor<3xf64>
    %508 = stablehlo.broadcast_in_dim %501, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %509 = stablehlo.multiply %508, %23 : tensor<3xf64>
    %510 = stablehlo.add %507, %509 : tensor<3xf64>
    %511 = stablehlo.multiply %505, %22 : tensor<f64>
    %512 = stablehlo.broadcast_in_dim %22, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %513 = stablehlo.multiply %510, %512 : tensor<3xf64>
    %514 = stablehlo.broadcast_in_dim %505, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %515 = stablehlo.multiply %514, %23 : tensor<3xf64>
    %516 = stablehlo.add %513, %515 : tensor<3xf64>
    %517 = stablehlo.cosine %10 : tensor<f64>
    %518 = stablehlo.sine %10 : tensor<f64>
    %519 = stablehlo.broadcast_in_dim %518, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %520 = stablehlo.multiply %11, %519 : tensor<3xf64>
    %521 = stablehlo.negate %520 : tensor<3xf64>
    %522 = stablehlo.multiply %517, %466 : tensor<f64>
    %523 = stablehlo.broadcast_in_dim %466, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %524 = stablehlo.multiply %521, %523 : tensor<3xf64>
    %525 = stablehlo.broadcast_in_dim %517, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %526 = stablehlo.multiply %525, %468 : tensor<3xf64>
    %527 = stablehlo.add %524, %526 : tensor<3xf64>
    %528 = stablehlo.subtract %511, %522 : tensor<f64>
    %529 = stablehlo.subtract %516, %527 : tensor<3xf64>
    %cst_52 = stablehlo.constant dense<2.0826983999999999> : tensor<f64>
    %530 = stablehlo.multiply %cst_52, %528 : tensor<f64>
    %cst_53 = stablehlo.constant dense<2.0826983999999999> : tensor<f64>
    %531 = stablehlo.broadcast_in_dim %cst_53, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %532 = stablehlo.multiply %531, %529 : tensor<3xf64>
    %533 = stablehlo.add %498, %530 : tensor<f64>
    %534 = stablehlo.add %500, %532 : tensor<3xf64>
    %535 = stablehlo.cosine %10 : tensor<f64>
    %536 = stablehlo.sine %10 : tensor<f64>
    %537 = stablehlo.broadcast_in_dim %536, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %538 = stablehlo.multiply %11, %537 : tensor<3xf64>
    %539 = stablehlo.negate %538 : tensor<3xf64>
    %540 = stablehlo.multiply %533, %535 : tensor<f64>
    %541 = stablehlo.broadcast_in_dim %535, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %542 = stablehlo.multiply %534, %541 : tensor<3xf64>
    %543 = stablehlo.broadcast_in_dim %533, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %544 = stablehlo.multiply %543, %539 : tensor<3xf64>
    %545 = stablehlo.add %542, %544 : tensor<3xf64>
    %546 = stablehlo.sine %10 : tensor<f64>
    %547 = stablehlo.cosine %10 : tensor<f64>
    %548 = stablehlo.broadcast_in_dim %547, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %549 = stablehlo.multiply %11, %548 : tensor<3xf64>
    %550 = stablehlo.divide %540, %546 : tensor<f64>
    %551 = stablehlo.broadcast_in_dim %546, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %552 = stablehlo.divide %545, %551 : tensor<3xf64>
    %553 = stablehlo.negate %549 : tensor<3xf64>
    %554 = stablehlo.broadcast_in_dim %540, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %555 = stablehlo.multiply %553, %554 : tensor<3xf64>
    %556 = stablehlo.multiply %546, %546 : tensor<f64>
    %cst_54 = stablehlo.constant dense<1.000000e+00> : tensor<f64>
    %557 = stablehlo.divide %cst_54, %556 : tensor<f64>
    %558 = stablehlo.broadcast_in_dim %557, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %559 = stablehlo.multiply %555, %558 : tensor<3xf64>
    %560 = stablehlo.add %552, %559 : tensor<3xf64>
    %cst_55 = stablehlo.constant dense<9.8066499999999994> : tensor<f64>
    %561 = stablehlo.add %cst_55, %550 : tensor<f64>
    %cst_56 = stablehlo.constant dense<0.14877829736000001> : tensor<f64>
    %562 = stablehlo.multiply %cst_56, %561 : tensor<f64>
    %cst_57 = stablehlo.constant dense<0.14877829736000001> : tensor<f64>
    %563 = stablehlo.broadcast_in_dim %cst_57, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %564 = stablehlo.multiply %563, %560 : tensor<3xf64>
    return %562, %564 : tensor<f64>, tensor<3xf64>
  }
  func.func private @step_2(%arg0: tensor<f64>, %arg1: tensor<6xf64>, %arg2: tensor<f64>, %arg3: tensor<3xf64>, %arg4: tensor<3x6xf64>, %arg5: tensor<3xf64>) -> (tensor<6xf64>, tensor<3x6xf64>) {
    %0:2 = call @"<lambda>_0"(%arg0, %arg1, %arg3, %arg4) : (tensor<f64>, tensor<6xf64>, tensor<3xf64>, tensor<3x6xf64>) -> (tensor<6xf64>, tensor<6x3xf64>)
    %cst = stablehlo.constant dense<5.000000e-01> : tensor<f64>
    %1 = stablehlo.multiply %cst, %arg2 : tensor<f64>
    %cst_0 = stablehlo.constant dense<5.000000e-01> : tensor<f64>
    %2 = stablehlo.broadcast_in_dim %cst_0, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %3 = stablehlo.multiply %2, %arg5 : tensor<3xf64>
    %4 = stablehlo.broadcast_in_dim %1, dims = [] : (tensor<f64>) -> tensor<6xf64>
    %5 = stablehlo.multiply %4, %0#0 : tensor<6xf64>
    %6 = stablehlo.broadcast_in_dim %0#0, dims = [1] : (tensor<6xf64>) -> tensor<1x6xf64>
    %7 = stablehlo.broadcast_in_dim %3, dims = [0] : (tensor<3xf64>) -> tensor<3x1xf64>
    %8 = stablehlo.broadcast_in_dim %7, dims = [0, 1] : (tensor<3x1xf64>) -> tensor<3x6xf64>
    %9 = stablehlo.broadcast_in_dim %6, dims = [0, 1] : (tensor<1x6xf64>) -> tensor<3x6xf64>
    %10 = stablehlo.multiply %8, %9 : tensor<3x6xf64>
    %11 = stablehlo.broadcast_in_dim %1, dims = [] : (tensor<f64>) -> tensor<6x3xf64>
    %12 = stablehlo.multiply %11, %0#1 : tensor<6x3xf64>
    %13 = stablehlo.transpose %10, dims = [1, 0] : (tensor<3x6xf64>) -> tensor<6x3xf64>
    %14 = stablehlo.add %13, %12 : tensor<6x3xf64>
    %15 = stablehlo.add %arg1, %5 : tensor<6xf64>
    %16 = stablehlo.transpose %14, dims = [1, 0] : (tensor<6x3xf64>) -> tensor<3x6xf64>
    %17 = stablehlo.add %arg4, %16 : tensor<3x6xf64>
    %18:2 = call @"<lambda>_0"(%arg0, %15, %arg3, %17) : (tensor<f64>, tensor<6xf64>, tensor<3xf64>, tensor<3x6xf64>) -> (tensor<6xf64>, tensor<6x3xf64>)
    %cst_1 = stablehlo.constant dense<5.000000e-01> : tensor<f64>
    %19 = stablehlo.multiply %cst_1, %arg2 : tensor<f64>
    %cst_2 = stablehlo.constant dense<5.000000e-01> : tensor<f64>
    %20 = stablehlo.broadcast_in_dim %cst_2, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %21 = stablehlo.multiply %20, %arg5 : tensor<3xf64>
    %22 = stablehlo.broadcast_in_dim %19, dims = [] : (tensor<f64>) -> tensor<6xf64>
    %23 = stablehlo.multiply %22, %18#0 : tensor<6xf64>
    %24 = stablehlo.broadcast_in_dim %18#0, dims = [1] : (tensor<6xf64>) -> tensor<1x6xf64>
    %25 = stablehlo.broadcast_in_dim %21, dims = [0] : (tensor<3xf64>) -> tensor<3x1xf64>
    %26 = stablehlo.broadcast_in_dim %25, dims = [0, 1] : (tensor<3x1xf64>) -> tensor<3x6xf64>
    %27 = stablehlo.broadcast_in_dim %24, dims = [0, 1] : (tensor<1x6xf64>) -> tensor<3x6xf64>
    %28 = stablehlo.multiply %26, %27 : tensor<3x6xf64>
    %29 = stablehlo.broadcast_in_dim %19, dims = [] : (tensor<f64>) -> tensor<6x3xf64>
    %30 = stablehlo.multiply %29, %18#1 : tensor<6x3xf64>
    %31 = stablehlo.transpose %28, dims = [1, 0] : (tensor<3x6xf64>) -> tensor<6x3xf64>
    %32 = stablehlo.add %31, %30 : tensor<6x3xf64>
    %33 = stablehlo.add %arg1, %23 : tensor<6xf64>
    %34 = stablehlo.transpose %32, dims = [1, 0] : (tensor<6x3xf64>) -> tensor<3x6xf64>
    %35 = stablehlo.add %arg4, %34 : tensor<3x6xf64>
    %36:2 = call @"<lambda>_0"(%arg0, %33, %arg3, %35) : (tensor<f64>, tensor<6xf64>, tensor<3xf64>, tensor<3x6xf64>) -> (tensor<6xf64>, tensor<6x3xf64>)
    %cst_3 = stablehlo.constant dense<6.000000e+00> : tensor<f64>
    %37 = stablehlo.divide %arg2, %cst_3 : tensor<f64>
    %cst_4 = stablehlo.constant dense<6.000000e+00> : tensor<f64>
    %38 = stablehlo.broadcast_in_dim %cst_4, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %39 = stablehlo.divide %arg5, %38 : tensor<3xf64>
    %40 = stablehlo.add %18#0, %36#0 : tensor<6xf64>
    %41 = stablehlo.add %18#1, %36#1 : tensor<6x3xf64>
    %cst_5 = stablehlo.constant dense<2.000000e+00> : tensor<f64>
    %42 = stablehlo.broadcast_in_dim %cst_5, dims = [] : (tensor<f64>) -> tensor<6xf64>
    %43 = stablehlo.multiply %42, %40 : tensor<6xf64>
    %cst_6 = stablehlo.constant dense<2.000000e+00> : tensor<f64>
    %44 = stablehlo.broadcast_in_dim %cst_6, dims = [] : (tensor<f64>) -> tensor<6x3xf64>
    %45 = stablehlo.multiply %44, %41 : tensor<6x3xf64>
    %46 = stablehlo.add %0#0, %43 : tensor<6xf64>
    %47 = stablehlo.add %0#1, %45 : tensor<6x3xf64>
    %48 = stablehlo.broadcast_in_dim %arg2, dims = [] : (tensor<f64>) -> tensor<6xf64>
    %49 = stablehlo.multiply %48, %36#0 : tensor<6xf64>
    %50 = stablehlo.broadcast_in_dim %36#0, dims = [1] : (tensor<6xf64>) -> tensor<1x6xf64>
    %51 = stablehlo.broadcast_in_dim %arg5, dims = [0] : (tensor<3xf64>) -> tensor<3x1xf64>
    %52 = stablehlo.broadcast_in_dim %51, dims = [0, 1] : (tensor<3x1xf64>) -> tensor<3x6xf64>
    %53 = stablehlo.broadcast_in_dim %50, dims = [0, 1] : (tensor<1x6xf64>) -> tensor<3x6xf64>
    %54 = stablehlo.multiply %52, %53 : tensor<3x6xf64>
    %55 = stablehlo.broadcast_in_dim %arg2, dims = [] : (tensor<f64>) -> tensor<6x3xf64>
    %56 = stablehlo.multiply %55, %36#1 : tensor<6x3xf64>
    %57 = stablehlo.transpose %54, dims = [1, 0] : (tensor<3x6xf64>) -> tensor<6x3xf64>
    %58 = stablehlo.add %57, %56 : tensor<6x3xf64>
    %59 = stablehlo.add %arg1, %49 : tensor<6xf64>
    %60 = stablehlo.transpose %58, dims = [1, 0] : (tensor<6x3xf64>) -> tensor<3x6xf64>
    %61 = stablehlo.add %arg4, %60 : tensor<3x6xf64>
    %62:2 = call @"<lambda>_0"(%arg0, %59, %arg3, %61) : (tensor<f64>, tensor<6xf64>, tensor<3xf64>, tensor<3x6xf64>) -> (tensor<6xf64>, tensor<6x3xf64>)
    %63 = stablehlo.add %46, %62#0 : tensor<6xf64>
    %64 = stablehlo.add %47, %62#1 : tensor<6x3xf64>
    %65 = stablehlo.broadcast_in_dim %37, dims = [] : (tensor<f64>) -> tensor<6xf64>
    %66 = stablehlo.multiply %65, %63 : tensor<6xf64>
    %67 = stablehlo.broadcast_in_dim %63, dims = [1] : (tensor<6xf64>) -> tensor<1x6xf64>
    %68 = stablehlo.broadcast_in_dim %39, dims = [0] : (tensor<3xf64>) -> tensor<3x1xf64>
    %69 = stablehlo.broadcast_in_dim %68, dims = [0, 1] : (tensor<3x1xf64>) -> tensor<3x6xf64>
    %70 = stablehlo.broadcast_in_dim %67, dims = [0, 1] : (tensor<1x6xf64>) -> tensor<3x6xf64>
    %71 = stablehlo.multiply %69, %70 : tensor<3x6xf64>
    %72 = stablehlo.broadcast_in_dim %37, dims = [] : (tensor<f64>) -> tensor<6x3xf64>
    %73 = stablehlo.multiply %72, %64 : tensor<6x3xf64>
    %74 = stablehlo.transpose %71, dims = [1, 0] : (tensor<3x6xf64>) -> tensor<6x3xf64>
    %75 = stablehlo.add %74, %73 : tensor<6x3xf64>
    %76 = stablehlo.add %arg1, %66 : tensor<6xf64>
    %77 = stablehlo.transpose %75, dims = [1, 0] : (tensor<6x3xf64>) -> tensor<3x6xf64>
    %78 = stablehlo.add %arg4, %77 : tensor<3x6xf64>
    return %76, %78 : tensor<6xf64>, tensor<3x6xf64>
  }
  func.func private @"<lambda>_3"(%arg0: tensor<f64>, %arg1: tensor<6xf64>, %arg2: tensor<3xf64>, %arg3: tensor<3x6xf64>) -> (tensor<f64>, tensor<3xf64>) {
    %0 = stablehlo.slice %arg1 [0:1] : (tensor<6xf64>) -> tensor<1xf64>
    %1 = stablehlo.slice %arg3 [0:3, 0:1] : (tensor<3x6xf64>) -> tensor<3x1xf64>
    %2 = stablehlo.reshape %0 : (tensor<1xf64>) -> tensor<f64>
    %3 = stablehlo.reshape %1 : (tensor<3x1xf64>) -> tensor<3xf64>
    %4 = stablehlo.slice %arg1 [1:2] : (tensor<6xf64>) -> tensor<1xf64>
    %5 = stablehlo.slice %arg3 [0:3, 1:2] : (tensor<3x6xf64>) -> tensor<3x1xf64>
    %6 = stablehlo.reshape %4 : (tensor<1xf64>) -> tensor<f64>
    %7 = stablehlo.reshape %5 : (tensor<3x1xf64>) -> tensor<3xf64>
    %8 = stablehlo.slice %arg1 [2:3] : (tensor<6xf64>) -> tensor<1xf64>
    %9 = stablehlo.slice %arg3 [0:3, 2:3] : (tensor<3x6xf64>) -> tensor<3x1xf64>
    %10 = stablehlo.reshape %8 : (tensor<1xf64>) -> tensor<f64>
    %11 = stablehlo.reshape %9 : (tensor<3x1xf64>) -> tensor<3xf64>
    %12 = stablehlo.slice %arg1 [3:4] : (tensor<6xf64>) -> tensor<1xf64>
    %13 = stablehlo.slice %arg3 [0:3, 3:4] : (tensor<3x6xf64>) -> tensor<3x1xf64>
    %14 = stablehlo.reshape %12 : (tensor<1xf64>) -> tensor<f64>
    %15 = stablehlo.reshape %13 : (tensor<3x1xf64>) -> tensor<3xf64>
    %16 = stablehlo.slice %arg1 [4:5] : (tensor<6xf64>) -> tensor<1xf64>
    %17 = stablehlo.slice %arg3 [0:3, 4:5] : (tensor<3x6xf64>) -> tensor<3x1xf64>
    %18 = stablehlo.reshape %16 : (tensor<1xf64>) -> tensor<f64>
    %19 = stablehlo.reshape %17 : (tensor<3x1xf64>) -> tensor<3xf64>
    %20 = stablehlo.slice %arg1 [5:6] : (tensor<6xf64>) -> tensor<1xf64>
    %21 = stablehlo.slice %arg3 [0:3, 5:6] : (tensor<3x6xf64>) -> tensor<3x1xf64>
    %22 = stablehlo.reshape %20 : (tensor<1xf64>) -> tensor<f64>
    %23 = stablehlo.reshape %21 : (tensor<3x1xf64>) -> tensor<3xf64>
    %24 = stablehlo.slice %arg1 [0:1] : (tensor<6xf64>) -> tensor<1xf64>
    %25 = stablehlo.slice %arg3 [0:3, 0:1] : (tensor<3x6xf64>) -> tensor<3x1xf64>
    %26 = stablehlo.reshape %24 : (tensor<1xf64>) -> tensor<f64>
    %27 = stablehlo.reshape %25 : (tensor<3x1xf64>) -> tensor<3xf64>
    %28 = stablehlo.slice %arg1 [1:2] : (tensor<6xf64>) -> tensor<1xf64>
    %29 = stablehlo.slice %arg3 [0:3, 1:2] : (tensor<3x6xf64>) -> tensor<3x1xf64>
    %30 = stablehlo.reshape %28 : (tensor<1xf64>) -> tensor<f64>
    %31 = stablehlo.reshape %29 : (tensor<3x1xf64>) -> tensor<3xf64>
    %32 = stablehlo.slice %arg1 [2:3] : (tensor<6xf64>) -> tensor<1xf64>
    %33 = stablehlo.slice %arg3 [0:3, 2:3] : (tensor<3x6xf64>) -> tensor<3x1xf64>
    %34 = stablehlo.reshape %32 : (tensor<1xf64>) -> tensor<f64>
    %35 = stablehlo.reshape %33 : (tensor<3x1xf64>) -> tensor<3xf64>
    %36 = stablehlo.slice %arg1 [3:4] : (tensor<6xf64>) -> tensor<1xf64>
    %37 = stablehlo.slice %arg3 [0:3, 3:4] : (tensor<3x6xf64>) -> tensor<3x1xf64>
    %38 = stablehlo.reshape %36 : (tensor<1xf64>) -> tensor<f64>
    %39 = stablehlo.reshape %37 : (tensor<3x1xf64>) -> tensor<3xf64>
    %40 = stablehlo.slice %arg1 [4:5] : (tensor<6xf64>) -> tensor<1xf64>
    %41 = stablehlo.slice %arg3 [0:3, 4:5] : (tensor<3x6xf64>) -> tensor<3x1xf64>
    %42 = stablehlo.reshape %40 : (tensor<1xf64>) -> tensor<f64>
    %43 = stablehlo.reshape %41 : (tensor<3x1xf64>) -> tensor<3xf64>
    %44 = stablehlo.slice %arg1 [5:6] : (tensor<6xf64>) -> tensor<1xf64>
    %45 = stablehlo.slice %arg3 [0:3, 5:6] : (tensor<3x6xf64>) -> tensor<3x1xf64>
    %46 = stablehlo.reshape %44 : (tensor<1xf64>) -> tensor<f64>
    %47 = stablehlo.reshape %45 : (tensor<3x1xf64>) -> tensor<3xf64>
    %cst = stablehlo.constant dense<0.28451556> : tensor<f64>
    %48 = stablehlo.multiply %arg0, %cst : tensor<f64>
    %cst_0 = stablehlo.constant dense<0.28451556> : tensor<f64>
    %49 = stablehlo.broadcast_in_dim %cst_0, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %50 = stablehlo.multiply %arg2, %49 : tensor<3xf64>
    %cst_1 = stablehlo.constant dense<2.8944122836731561> : tensor<f64>
    %51 = stablehlo.add %cst_1, %48 : tensor<f64>
    %cst_2 = stablehlo.constant dense<0.63762430634225065> : tensor<f64>
    %52 = stablehlo.add %51, %cst_2 : tensor<f64>
    %cst_3 = stablehlo.constant dense<0.37161216000000002> : tensor<f64>
    %53 = stablehlo.multiply %arg0, %cst_3 : tensor<f64>
    %cst_4 = stablehlo.constant dense<0.37161216000000002> : tensor<f64>
    %54 = stablehlo.broadcast_in_dim %cst_4, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %55 = stablehlo.multiply %arg2, %54 : tensor<3xf64>
    %cst_5 = stablehlo.constant dense<2.7288719786342384> : tensor<f64>
    %56 = stablehlo.add %cst_5, %53 : tensor<f64>
    %cst_6 = stablehlo.constant dense<5.334000e-01> : tensor<f64>
    %57 = stablehlo.multiply %arg0, %cst_6 : tensor<f64>
    %cst_7 = stablehlo.constant dense<5.334000e-01> : tensor<f64>
    %58 = stablehlo.broadcast_in_dim %cst_7, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %59 = stablehlo.multiply %arg2, %58 : tensor<3xf64>
    %cst_8 = stablehlo.constant dense<6.096000e-01> : tensor<f64>
    %60 = stablehlo.multiply %57, %cst_8 : tensor<f64>
    %cst_9 = stablehlo.constant dense<6.096000e-01> : tensor<f64>
    %61 = stablehlo.broadcast_in_dim %cst_9, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %62 = stablehlo.multiply %59, %61 : tensor<3xf64>
    %cst_10 = stablehlo.constant dense<5.334000e-01> : tensor<f64>
    %63 = stablehlo.multiply %arg0, %cst_10 : tensor<f64>
    %cst_11 = stablehlo.constant dense<5.334000e-01> : tensor<f64>
    %64 = stablehlo.broadcast_in_dim %cst_11, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %65 = stablehlo.multiply %arg2, %64 : tensor<3xf64>
    %cst_12 = stablehlo.constant dense<4.0199599500471406> : tensor<f64>
    %66 = stablehlo.subtract %cst_12, %63 : tensor<f64>
    %67 = stablehlo.negate %65 : tensor<3xf64>
    %68 = stablehlo.subtract %30, %26 : tensor<f64>
    %69 = stablehlo.subtract %31, %27 : tensor<3xf64>
    %70 = stablehlo.sine %68 : tensor<f64>
    %71 = stablehlo.cosine %68 : tensor<f64>
    %72 = stablehlo.broadcast_in_dim %71, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %73 = stablehlo.multiply %69, %72 : tensor<3xf64>
    %74 = stablehlo.multiply %60, %70 : tensor<f64>
    %75 = stablehlo.broadcast_in_dim %70, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %76 = stablehlo.multiply %62, %75 : tensor<3xf64>
    %77 = stablehlo.broadcast_in_dim %60, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %78 = stablehlo.multiply %77, %73 : tensor<3xf64>
    %79 = stablehlo.add %76, %78 : tensor<3xf64>
    %80 = stablehlo.multiply %74, %42 : tensor<f64>
    %81 = stablehlo.broadcast_in_dim %42, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %82 = stablehlo.multiply %79, %81 : tensor<3xf64>
    %83 = stablehlo.broadcast_in_dim %74, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %84 = stablehlo.multiply %83, %43 : tensor<3xf64>
    %85 = stablehlo.add %82, %84 : tensor<3xf64>
    %86 = stablehlo.multiply %80, %42 : tensor<f64>
    %87 = stablehlo.broadcast_in_dim %42, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %88 = stablehlo.multiply %85, %87 : tensor<3xf64>
    %89 = stablehlo.broadcast_in_dim %80, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %90 = stablehlo.multiply %89, %43 : tensor<3xf64>
    %91 = stablehlo.add %88, %90 : tensor<3xf64>
    %92 = stablehlo.subtract %34, %26 : tensor<f64>
    %93 = stablehlo.subtract %35, %27 : tensor<3xf64>
    %94 = stablehlo.sine %92 : tensor<f64>
    %95 = stablehlo.cosine %92 : tensor<f64>
    %96 = stablehlo.broadcast_in_dim %95, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %97 = stablehlo.multiply %93, %96 : tensor<3xf64>
    %cst_13 = stablehlo.constant dense<0.64147333410432839> : tensor<f64>
    %98 = stablehlo.multiply %cst_13, %94 : tensor<f64>
    %cst_14 = stablehlo.constant dense<0.64147333410432839> : tensor<f64>
    %99 = stablehlo.broadcast_in_dim %cst_14, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %100 = stablehlo.multiply %99, %97 : tensor<3xf64>
    %101 = stablehlo.multiply %98, %46 : tensor<f64>
    %102 = stablehlo.broadcast_in_dim %46, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %103 = stablehlo.multiply %100, %102 : tensor<3xf64>
    %104 = stablehlo.broadcast_in_dim %98, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %105 = stablehlo.multiply %104, %47 : tensor<3xf64>
    %106 = stablehlo.add %103, %105 : tensor<3xf64>
    %107 = stablehlo.multiply %101, %46 : tensor<f64>
    %108 = stablehlo.broadcast_in_dim %46, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %109 = stablehlo.multiply %106, %108 : tensor<3xf64>
    %110 = stablehlo.broadcast_in_dim %101, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %111 = stablehlo.multiply %110, %47 : tensor<3xf64>
    %112 = stablehlo.add %109, %111 : tensor<3xf64>
    %113 = stablehlo.add %86, %107 : tensor<f64>
    %114 = stablehlo.add %91, %112 : tensor<3xf64>
    %cst_15 = stablehlo.constant dense<9.8066499999999994> : tensor<f64>
    %115 = stablehlo.multiply %cst_15, %66 : tensor<f64>
    %cst_16 = stablehlo.constant dense<9.8066499999999994> : tensor<f64>
    %116 = stablehlo.broadcast_in_dim %cst_16, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %117 = stablehlo.multiply %116, %67 : tensor<3xf64>
    %118 = stablehlo.sine %26 : tensor<f64>
    %119 = stablehlo.cosine %26 : tensor<f64>
    %120 = stablehlo.broadcast_in_dim %119, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %121 = stablehlo.multiply %27, %120 : tensor<3xf64>
    %122 = stablehlo.multiply %115, %118 : tensor<f64>
    %123 = stablehlo.broadcast_in_dim %118, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %124 = stablehlo.multiply %117, %123 : tensor<3xf64>
    %125 = stablehlo.broadcast_in_dim %115, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %126 = stablehlo.multiply %125, %121 : tensor<3xf64>
    %127 = stablehlo.add %124, %126 : tensor<3xf64>
    %128 = stablehlo.add %113, %122 : tensor<f64>
    %129 = stablehlo.add %114, %127 : tensor<3xf64>
    %130 = stablehlo.negate %60 : tensor<f64>
    %131 = stablehlo.negate %62 : tensor<3xf64>
    %132 = stablehlo.subtract %30, %26 : tensor<f64>
    %133 = stablehlo.subtract %31, %27 : tensor<3xf64>
    %134 = stablehlo.sine %132 : tensor<f64>
    %135 = stablehlo.cosine %132 : tensor<f64>
    %136 = stablehlo.broadcast_in_dim %135, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %137 = stablehlo.multiply %133, %136 : tensor<3xf64>
    %138 = stablehlo.multiply %130, %134 : tensor<f64>
    %139 = stablehlo.broadcast_in_dim %134, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %140 = stablehlo.multiply %131, %139 : tensor<3xf64>
    %141 = stablehlo.broadcast_in_dim %130, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %142 = stablehlo.multiply %141, %137 : tensor<3xf64>
    %143 = stablehlo.add %140, %142 : tensor<3xf64>
    %144 = stablehlo.multiply %138, %38 : tensor<f64>
    %145 = stablehlo.broadcast_in_dim %38, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %146 = stablehlo.multiply %143, %145 : tensor<3xf64>
    %147 = stablehlo.broadcast_in_dim %138, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %148 = stablehlo.multiply %147, %39 : tensor<3xf64>
    %149 = stablehlo.add %146, %148 : tensor<3xf64>
    %150 = stablehlo.multiply %144, %38 : tensor<f64>
    %151 = stablehlo.broadcast_in_dim %38, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %152 = stablehlo.multiply %149, %151 : tensor<3xf64>
    %153 = stablehlo.broadcast_in_dim %144, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %154 = stablehlo.multiply %153, %39 : tensor<3xf64>
    %155 = stablehlo.add %152, %154 : tensor<3xf64>
    %cst_17 = stablehlo.constant dense<9.8066499999999994> : tensor<f64>
    %156 = stablehlo.multiply %cst_17, %arg0 : tensor<f64>
    %cst_18 = stablehlo.constant dense<9.8066499999999994> : tensor<f64>
    %157 = stablehlo.broadcast_in_dim %cst_18, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %158 = stablehlo.multiply %157, %arg2 : tensor<3xf64>
    %cst_19 = stablehlo.constant dense<6.096000e-01> : tensor<f64>
    %159 = stablehlo.multiply %156, %cst_19 : tensor<f64>
    %cst_20 = stablehlo.constant dense<6.096000e-01> : tensor<f64>
    %160 = stablehlo.broadcast_in_dim %cst_20, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %161 = stablehlo.multiply %158, %160 : tensor<3xf64>
    %162 = stablehlo.sine %30 : tensor<f64>
    %163 = stablehlo.cosine %30 : tensor<f64>
    %164 = stablehlo.broadcast_in_dim %163, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %165 = stablehlo.multiply %31, %164 : tensor<3xf64>
    %166 = stablehlo.multiply %159, %162 : tensor<f64>
    %167 = stablehlo.broadcast_in_dim %162, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %168 = stablehlo.multiply %161, %167 : tensor<3xf64>
    %169 = stablehlo.broadcast_in_dim %159, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %170 = stablehlo.multiply %169, %165 : tensor<3xf64>
    %171 = stablehlo.add %168, %170 : tensor<3xf64>
    %172 = stablehlo.subtract %150, %166 : tensor<f64>
    %173 = stablehlo.subtract %155, %171 : tensor<3xf64>
    %174 = stablehlo.subtract %34, %26 : tensor<f64>
    %175 = stablehlo.subtract %35, %27 : tensor<3xf64>
    %176 = stablehlo.sine %174 : tensor<f64>
    %177 = stablehlo.cosine %174 : tensor<f64>
    %178 = stablehlo.broadcast_in_dim %177, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %179 = stablehlo.multiply %175, %178 : tensor<3xf64>
    %cst_21 = stablehlo.constant dense<-0.64147333410432839> : tensor<f64>
    %180 = stablehlo.multiply %cst_21, %176 : tensor<f64>
    %cst_22 = stablehlo.constant dense<-0.64147333410432839> : tensor<f64>
    %181 = stablehlo.broadcast_in_dim %cst_22, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %182 = stablehlo.multiply %181, %179 : tensor<3xf64>
    %183 = stablehlo.multiply %180, %38 : tensor<f64>
    %184 = stablehlo.broadcast_in_dim %38, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %185 = stablehlo.multiply %182, %184 : tensor<3xf64>
    %186 = stablehlo.broadcast_in_dim %180, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %187 = stablehlo.multiply %186, %39 : tensor<3xf64>
    %188 = stablehlo.add %185, %187 : tensor<3xf64>
    %189 = stablehlo.multiply %183, %38 : tensor<f64>
    %190 = stablehlo.broadcast_in_dim %38, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %191 = stablehlo.multiply %188, %190 : tensor<3xf64>
    %192 = stablehlo.broadcast_in_dim %183, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %193 = stablehlo.multiply %192, %39 : tensor<3xf64>
    %194 = stablehlo.add %191, %193 : tensor<3xf64>
    %195 = stablehlo.sine %34 : tensor<f64>
    %196 = stablehlo.cosine %34 : tensor<f64>
    %197 = stablehlo.broadcast_in_dim %196, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %198 = stablehlo.multiply %35, %197 : tensor<3xf64>
    %cst_23 = stablehlo.constant dense<3.0386917254310943> : tensor<f64>
    %199 = stablehlo.multiply %cst_23, %195 : tensor<f64>
    %cst_24 = stablehlo.constant dense<3.0386917254310943> : tensor<f64>
    %200 = stablehlo.broadcast_in_dim %cst_24, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %201 = stablehlo.multiply %200, %198 : tensor<3xf64>
    %202 = stablehlo.add %189, %199 : tensor<f64>
    %203 = stablehlo.add %194, %201 : tensor<3xf64>
    %204 = stablehlo.subtract %30, %26 : tensor<f64>
    %205 = stablehlo.subtract %31, %27 : tensor<3xf64>
    %206 = stablehlo.cosine %204 : tensor<f64>
    %207 = stablehlo.sine %204 : tensor<f64>
    %208 = stablehlo.broadcast_in_dim %207, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %209 = stablehlo.multiply %205, %208 : tensor<3xf64>
    %210 = stablehlo.negate %209 : tensor<3xf64>
    %211 = stablehlo.multiply %60, %206 : tensor<f64>
    %212 = stablehlo.broadcast_in_dim %206, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %213 = stablehlo.multiply %62, %212 : tensor<3xf64>
    %214 = stablehlo.broadcast_in_dim %60, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %215 = stablehlo.multiply %214, %210 : tensor<3xf64>
    %216 = stablehlo.add %213, %215 : tensor<3xf64>
    %217 = stablehlo.subtract %34, %26 : tensor<f64>
    %218 = stablehlo.subtract %35, %27 : tensor<3xf64>
    %219 = stablehlo.cosine %217 : tensor<f64>
    %220 = stablehlo.sine %217 : tensor<f64>
    %221 = stablehlo.broadcast_in_dim %220, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %222 = stablehlo.multiply %218, %221 : tensor<3xf64>
    %223 = stablehlo.negate %222 : tensor<3xf64>
    %cst_25 = stablehlo.constant dense<0.64147333410432839> : tensor<f64>
    %224 = stablehlo.multiply %cst_25, %219 : tensor<f64>
    %cst_26 = stablehlo.constant dense<0.64147333410432839> : tensor<f64>
    %225 = stablehlo.broadcast_in_dim %cst_26, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %226 = stablehlo.multiply %225, %223 : tensor<3xf64>
    %227 = stablehlo.multiply %211, %211 : tensor<f64>
    %cst_27 = stablehlo.constant dense<2.000000e+00> : tensor<f64>
    %228 = stablehlo.multiply %cst_27, %211 : tensor<f64>
    %229 = stablehlo.broadcast_in_dim %228, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %230 = stablehlo.multiply %216, %229 : tensor<3xf64>
    %231 = stablehlo.divide %227, %56 : tensor<f64>
    %232 = stablehlo.broadcast_in_dim %56, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %233 = stablehlo.divide %230, %232 : tensor<3xf64>
    %234 = stablehlo.negate %55 : tensor<3xf64>
    %235 = stablehlo.broadcast_in_dim %227, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %236 = stablehlo.multiply %234, %235 : tensor<3xf64>
    %237 = stablehlo.multiply %56, %56 : tensor<f64>
    %cst_28 = stablehlo.constant dense<1.000000e+00> : tensor<f64>
    %238 = stablehlo.divide %cst_28, %237 : tensor<f64>
    %239 = stablehlo.broadcast_in_dim %238, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %240 = stablehlo.multiply %236, %239 : tensor<3xf64>
    %241 = stablehlo.add %233, %240 : tensor<3xf64>
    %242 = stablehlo.subtract %52, %231 : tensor<f64>
    %243 = stablehlo.subtract %50, %241 : tensor<3xf64>
    %244 = stablehlo.multiply %211, %172 : tensor<f64>
    %245 = stablehlo.broadcast_in_dim %172, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %246 = stablehlo.multiply %216, %245 : tensor<3xf64>
    %247 = stablehlo.broadcast_in_dim %211, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %248 = stablehlo.multiply %247, %173 : tensor<3xf64>
    %249 = stablehlo.add %246, %248 : tensor<3xf64>
    %250 = stablehlo.divide %244, %56 : tensor<f64>
    %251 = stablehlo.broadcast_in_dim %56, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %252 = stablehlo.divide %249, %251 : tensor<3xf64>
    %253 = stablehlo.negate %55 : tensor<3xf64>
    %254 = stablehlo.broadcast_in_dim %244, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %255 = stablehlo.multiply %253, %254 : tensor<3xf64>
    %256 = stablehlo.multiply %56, %56 : tensor<f64>
    %cst_29 = stablehlo.constant dense<1.000000e+00> : tensor<f64>
    %257 = stablehlo.divide %cst_29, %256 : tensor<f64>
    %258 = stablehlo.broadcast_in_dim %257, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %259 = stablehlo.multiply %255, %258 : tensor<3xf64>
    %260 = stablehlo.add %252, %259 : tensor<3xf64>
    %261 = stablehlo.subtract %128, %250 : tensor<f64>
    %262 = stablehlo.subtract %129, %260 : tensor<3xf64>
    %263 = stablehlo.sine %26 : tensor<f64>
    %264 = stablehlo.cosine %26 : tensor<f64>
    %265 = stablehlo.broadcast_in_dim %264, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %266 = stablehlo.multiply %27, %265 : tensor<3xf64>
    %cst_30 = stablehlo.constant dense<-2.0702015999999999> : tensor<f64>
    %267 = stablehlo.multiply %cst_30, %263 : tensor<f64>
    %cst_31 = stablehlo.constant dense<-2.0702015999999999> : tensor<f64>
    %268 = stablehlo.broadcast_in_dim %cst_31, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %269 = stablehlo.multiply %268, %266 : tensor<3xf64>
    %270 = stablehlo.sine %34 : tensor<f64>
    %271 = stablehlo.cosine %34 : tensor<f64>
    %272 = stablehlo.broadcast_in_dim %271, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %273 = stablehlo.multiply %35, %272 : tensor<3xf64>
    %cst_32 = stablehlo.constant dense<2.0826983999999999> : tensor<f64>
    %274 = stablehlo.multiply %cst_32, %270 : tensor<f64>
    %cst_33 = stablehlo.constant dense<2.0826983999999999> : tensor<f64>
    %275 = stablehlo.broadcast_in_dim %cst_33, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %276 = stablehlo.multiply %275, %273 : tensor<3xf64>
    %277 = stablehlo.divide %267, %274 : tensor<f64>
    %278 = stablehlo.broadcast_in_dim %274, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %279 = stablehlo.divide %269, %278 : tensor<3xf64>
    %280 = stablehlo.negate %276 : tensor<3xf64>
    %281 = stablehlo.broadcast_in_dim %267, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %282 = stablehlo.multiply %280, %281 : tensor<3xf64>
    %283 = stablehlo.multiply %274, %274 : tensor<f64>
    %cst_34 = stablehlo.constant dense<1.000000e+00> : tensor<f64>
    %284 = stablehlo.divide %cst_34, %283 : tensor<f64>
    %285 = stablehlo.broadcast_in_dim %284, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %286 = stablehlo.multiply %282, %285 : tensor<3xf64>
    %287 = stablehlo.add %279, %286 : tensor<3xf64>
    %288 = stablehlo.cosine %26 : tensor<f64>
    %289 = stablehlo.sine %26 : tensor<f64>
    %290 = stablehlo.broadcast_in_dim %289, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %291 = stablehlo.multiply %27, %290 : tensor<3xf64>
    %292 = stablehlo.negate %291 : tensor<3xf64>
    %cst_35 = stablehlo.constant dense<2.0702015999999999> : tensor<f64>
    %293 = stablehlo.multiply %cst_35, %288 : tensor<f64>
    %cst_36 = stablehlo.constant dense<2.0702015999999999> : tensor<f64>
    %294 = stablehlo.broadcast_in_dim %cst_36, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %295 = stablehlo.multiply %294, %292 : tensor<3xf64>
    %296 = stablehlo.multiply %293, %38 : tensor<f64>
    %297 = stablehlo.broadcast_in_dim %38, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %298 = stablehlo.multiply %295, %297 : tensor<3xf64>
    %299 = stablehlo.broadcast_in_dim %293, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %300 = stablehlo.multiply %299, %39 : tensor<3xf64>
    %301 = stablehlo.add %298, %300 : tensor<3xf64>
    %302 = stablehlo.multiply %296, %38 : tensor<f64>
    %303 = stablehlo.broadcast_in_dim %38, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %304 = stablehlo.multiply %301, %303 : tensor<3xf64>
    %305 = stablehlo.broadcast_in_dim %296, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %306 = stablehlo.multiply %305, %39 : tensor<3xf64>
    %307 = stablehlo.add %304, %306 : tensor<3xf64>
    %308 = stablehlo.cosine %34 : tensor<f64>
    %309 = stablehlo.sine %34 : tensor<f64>
    %310 = stablehlo.broadcast_in_dim %309, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %311 = stablehlo.multiply %35, %310 : tensor<3xf64>
    %312 = stablehlo.negate %311 : tensor<3xf64>
    %cst_37 = stablehlo.constant dense<2.0826983999999999> : tensor<f64>
    %313 = stablehlo.multiply %cst_37, %308 : tensor<f64>
    %cst_38 = stablehlo.constant dense<2.0826983999999999> : tensor<f64>
    %314 = stablehlo.broadcast_in_dim %cst_38, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %315 = stablehlo.multiply %314, %312 : tensor<3xf64>
    %316 = stablehlo.multiply %313, %46 : tensor<f64>
    %317 = stablehlo.broadcast_in_dim %46, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %318 = stablehlo.multiply %315, %317 : tensor<3xf64>
    %319 = stablehlo.broadcast_in_dim %313, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %320 = stablehlo.multiply %319, %47 : tensor<3xf64>
    %321 = stablehlo.add %318, %320 : tensor<3xf64>
    %322 = stablehlo.multiply %316, %46 : tensor<f64>
    %323 = stablehlo.broadcast_in_dim %46, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %324 = stablehlo.multiply %321, %323 : tensor<3xf64>
    %325 = stablehlo.broadcast_in_dim %316, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %326 = stablehlo.multiply %325, %47 : tensor<3xf64>
    %327 = stablehlo.add %324, %326 : tensor<3xf64>
    %328 = stablehlo.add %302, %322 : tensor<f64>
    %329 = stablehlo.add %307, %327 : tensor<3xf64>
    %330 = stablehlo.negate %328 : tensor<f64>
    %331 = stablehlo.negate %329 : tensor<3xf64>
    %332 = stablehlo.sine %34 : tensor<f64>
    %333 = stablehlo.cosine %34 : tensor<f64>
    %334 = stablehlo.broadcast_in_dim %333, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %335 = stablehlo.multiply %35, %334 : tensor<3xf64>
    %cst_39 = stablehlo.constant dense<2.0826983999999999> : tensor<f64>
    %336 = stablehlo.multiply %cst_39, %332 : tensor<f64>
    %cst_40 = stablehlo.constant dense<2.0826983999999999> : tensor<f64>
    %337 = stablehlo.broadcast_in_dim %cst_40, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %338 = stablehlo.multiply %337, %335 : tensor<3xf64>
    %339 = stablehlo.divide %330, %336 : tensor<f64>
    %340 = stablehlo.broadcast_in_dim %336, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %341 = stablehlo.divide %331, %340 : tensor<3xf64>
    %342 = stablehlo.negate %338 : tensor<3xf64>
    %343 = stablehlo.broadcast_in_dim %330, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %344 = stablehlo.multiply %342, %343 : tensor<3xf64>
    %345 = stablehlo.multiply %336, %336 : tensor<f64>
    %cst_41 = stablehlo.constant dense<1.000000e+00> : tensor<f64>
    %346 = stablehlo.divide %cst_41, %345 : tensor<f64>
    %347 = stablehlo.broadcast_in_dim %346, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %348 = stablehlo.multiply %344, %347 : tensor<3xf64>
    %349 = stablehlo.add %341, %348 : tensor<3xf64>
    %cst_42 = stablehlo.constant dense<2.000000e+00> : tensor<f64>
    %350 = stablehlo.multiply %cst_42, %224 : tensor<f64>
    %cst_43 = stablehlo.constant dense<2.000000e+00> : tensor<f64>
    %351 = stablehlo.broadcast_in_dim %cst_43, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %352 = stablehlo.multiply %351, %226 : tensor<3xf64>
    %cst_44 = stablehlo.constant dense<0.64534559657462842> : tensor<f64>
    %353 = stablehlo.multiply %277, %cst_44 : tensor<f64>
    %cst_45 = stablehlo.constant dense<0.64534559657462842> : tensor<f64>
    %354 = stablehlo.broadcast_in_dim %cst_45, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %355 = stablehlo.multiply %287, %354 : tensor<3xf64>
    %356 = stablehlo.add %350, %353 : tensor<f64>
    %357 = stablehlo.add %352, %355 : tensor<3xf64>
    %358 = stablehlo.multiply %277, %356 : tensor<f64>
    %359 = stablehlo.broadcast_in_dim %356, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %360 = stablehlo.multiply %287, %359 : tensor<3xf64>
    %361 = stablehlo.broadcast_in_dim %277, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %362 = stablehlo.multiply %361, %357 : tensor<3xf64>
    %363 = stablehlo.add %360, %362 : tensor<3xf64>
    %364 = stablehlo.add %242, %358 : tensor<f64>
    %365 = stablehlo.add %243, %363 : tensor<3xf64>
    %366 = stablehlo.multiply %277, %202 : tensor<f64>
    %367 = stablehlo.broadcast_in_dim %202, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %368 = stablehlo.multiply %287, %367 : tensor<3xf64>
    %369 = stablehlo.broadcast_in_dim %277, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %370 = stablehlo.multiply %369, %203 : tensor<3xf64>
    %371 = stablehlo.add %368, %370 : tensor<3xf64>
    %372 = stablehlo.add %261, %366 : tensor<f64>
    %373 = stablehlo.add %262, %371 : tensor<3xf64>
    %cst_46 = stablehlo.constant dense<0.64534559657462842> : tensor<f64>
    %374 = stablehlo.multiply %277, %cst_46 : tensor<f64>
    %cst_47 = stablehlo.constant dense<0.64534559657462842> : tensor<f64>
    %375 = stablehlo.broadcast_in_dim %cst_47, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %376 = stablehlo.multiply %287, %375 : tensor<3xf64>
    %377 = stablehlo.add %224, %374 : tensor<f64>
    %378 = stablehlo.add %226, %376 : tensor<3xf64>
    %379 = stablehlo.multiply %377, %339 : tensor<f64>
    %380 = stablehlo.broadcast_in_dim %339, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %381 = stablehlo.multiply %378, %380 : tensor<3xf64>
    %382 = stablehlo.broadcast_in_dim %377, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %383 = stablehlo.multiply %382, %349 : tensor<3xf64>
    %384 = stablehlo.add %381, %383 : tensor<3xf64>
    %385 = stablehlo.subtract %372, %379 : tensor<f64>
    %386 = stablehlo.subtract %373, %384 : tensor<3xf64>
    %387 = stablehlo.divide %385, %364 : tensor<f64>
    %388 = stablehlo.broadcast_in_dim %364, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %389 = stablehlo.divide %386, %388 : tensor<3xf64>
    %390 = stablehlo.negate %365 : tensor<3xf64>
    %391 = stablehlo.broadcast_in_dim %385, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %392 = stablehlo.multiply %390, %391 : tensor<3xf64>
    %393 = stablehlo.multiply %364, %364 : tensor<f64>
    %cst_48 = stablehlo.constant dense<1.000000e+00> : tensor<f64>
    %394 = stablehlo.divide %cst_48, %393 : tensor<f64>
    %395 = stablehlo.broadcast_in_dim %394, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %396 = stablehlo.multiply %392, %395 : tensor<3xf64>
    %397 = stablehlo.add %389, %396 : tensor<3xf64>
    %398 = stablehlo.multiply %277, %387 : tensor<f64>
    %399 = stablehlo.broadcast_in_dim %387, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %400 = stablehlo.multiply %287, %399 : tensor<3xf64>
    %401 = stablehlo.broadcast_in_dim %277, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %402 = stablehlo.multiply %401, %397 : tensor<3xf64>
    %403 = stablehlo.add %400, %402 : tensor<3xf64>
    %404 = stablehlo.add %398, %339 : tensor<f64>
    %405 = stablehlo.add %403, %349 : tensor<3xf64>
    %406 = stablehlo.multiply %211, %387 : tensor<f64>
    %407 = stablehlo.broadcast_in_dim %387, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %408 = stablehlo.multiply %216, %407 : tensor<3xf64>
    %409 = stablehlo.broadcast_in_dim %211, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %410 = stablehlo.multiply %409, %397 : tensor<3xf64>
    %411 = stablehlo.add %408, %410 : tensor<3xf64>
    %412 = stablehlo.subtract %172, %406 : tensor<f64>
    %413 = stablehlo.subtract %173, %411 : tensor<3xf64>
    %414 = stablehlo.divide %412, %56 : tensor<f64>
    %415 = stablehlo.broadcast_in_dim %56, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %416 = stablehlo.divide %413, %415 : tensor<3xf64>
    %417 = stablehlo.negate %55 : tensor<3xf64>
    %418 = stablehlo.broadcast_in_dim %412, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %419 = stablehlo.multiply %417, %418 : tensor<3xf64>
    %420 = stablehlo.multiply %56, %56 : tensor<f64>
    %cst_49 = stablehlo.constant dense<1.000000e+00> : tensor<f64>
    %421 = stablehlo.divide %cst_49, %420 : tensor<f64>
    %422 = stablehlo.broadcast_in_dim %421, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %423 = stablehlo.multiply %419, %422 : tensor<3xf64>
    %424 = stablehlo.add %416, %423 : tensor<3xf64>
    %425 = stablehlo.broadcast_in_dim %38, dims = [] : (tensor<f64>) -> tensor<1xf64>
    %426 = stablehlo.broadcast_in_dim %42, dims = [] : (tensor<f64>) -> tensor<1xf64>
    %427 = stablehlo.broadcast_in_dim %46, dims = [] : (tensor<f64>) -> tensor<1xf64>
    %428 = stablehlo.broadcast_in_dim %387, dims = [] : (tensor<f64>) -> tensor<1xf64>
    %429 = stablehlo.broadcast_in_dim %414, dims = [] : (tensor<f64>) -> tensor<1xf64>
    %430 = stablehlo.broadcast_in_dim %404, dims = [] : (tensor<f64>) -> tensor<1xf64>
    %431 = stablehlo.concatenate %425, %426, %427, %428, %429, %430, dim = 0 : (tensor<1xf64>, tensor<1xf64>, tensor<1xf64>, tensor<1xf64>, tensor<1xf64>, tensor<1xf64>) -> tensor<6xf64>
    %432 = stablehlo.broadcast_in_dim %39, dims = [1] : (tensor<3xf64>) -> tensor<1x3xf64>
    %433 = stablehlo.broadcast_in_dim %43, dims = [1] : (tensor<3xf64>) -> tensor<1x3xf64>
    %434 = stablehlo.broadcast_in_dim %47, dims = [1] : (tensor<3xf64>) -> tensor<1x3xf64>
    %435 = stablehlo.broadcast_in_dim %397, dims = [1] : (tensor<3xf64>) -> tensor<1x3xf64>
    %436 = stablehlo.broadcast_in_dim %424, dims = [1] : (tensor<3xf64>) -> tensor<1x3xf64>
    %437 = stablehlo.broadcast_in_dim %405, dims = [1] : (tensor<3xf64>) -> tensor<1x3xf64>
    %438 = stablehlo.concatenate %432, %433, %434, %435, %436, %437, dim = 0 : (tensor<1x3xf64>, tensor<1x3xf64>, tensor<1x3xf64>, tensor<1x3xf64>, tensor<1x3xf64>, tensor<1x3xf64>) -> tensor<6x3xf64>
    %439 = stablehlo.slice %431 [0:1] : (tensor<6xf64>) -> tensor<1xf64>
    %440 = stablehlo.slice %438 [0:1, 0:3] : (tensor<6x3xf64>) -> tensor<1x3xf64>
    %441 = stablehlo.reshape %439 : (tensor<1xf64>) -> tensor<f64>
    %442 = stablehlo.transpose %440, dims = [1, 0] : (tensor<1x3xf64>) -> tensor<3x1xf64>
    %443 = stablehlo.reshape %442 : (tensor<3x1xf64>) -> tensor<3xf64>
    %444 = stablehlo.slice %431 [1:2] : (tensor<6xf64>) -> tensor<1xf64>
    %445 = stablehlo.slice %438 [1:2, 0:3] : (tensor<6x3xf64>) -> tensor<1x3xf64>
    %446 = stablehlo.reshape %444 : (tensor<1xf64>) -> tensor<f64>
    %447 = stablehlo.transpose %445, dims = [1, 0] : (tensor<1x3xf64>) -> tensor<3x1xf64>
    %448 = stablehlo.reshape %447 : (tensor<3x1xf64>) -> tensor<3xf64>
    %449 = stablehlo.slice %431 [2:3] : (tensor<6xf64>) -> tensor<1xf64>
    %450 = stablehlo.slice %438 [2:3, 0:3] : (tensor<6x3xf64>) -> tensor<1x3xf64>
    %451 = stablehlo.reshape %449 : (tensor<1xf64>) -> tensor<f64>
    %452 = stablehlo.transpose %450, dims = [1, 0] : (tensor<1x3xf64>) -> tensor<3x1xf64>
    %453 = stablehlo.reshape %452 : (tensor<3x1xf64>) -> tensor<3xf64>
    %454 = stablehlo.slice %431 [3:4] : (tensor<6xf64>) -> tensor<1xf64>
    %455 = stablehlo.slice %438 [3:4, 0:3] : (tensor<6x3xf64>) -> tensor<1x3xf64>
    %456 = stablehlo.reshape %454 : (tensor<1xf64>) -> tensor<f64>
    %457 = stablehlo.transpose %455, dims = [1, 0] : (tensor<1x3xf64>) -> tensor<3x1xf64>
    %458 = stablehlo.reshape %457 : (tensor<3x1xf64>) -> tensor<3xf64>
    %459 = stablehlo.slice %431 [4:5] : (tensor<6xf64>) -> tensor<1xf64>
    %460 = stablehlo.slice %438 [4:5, 0:3] : (tensor<6x3xf64>) -> tensor<1x3xf64>
    %461 = stablehlo.reshape %459 : (tensor<1xf64>) -> tensor<f64>
    %462 = stablehlo.transpose %460, dims = [1, 0] : (tensor<1x3xf64>) -> tensor<3x1xf64>
    %463 = stablehlo.reshape %462 : (tensor<3x1xf64>) -> tensor<3xf64>
    %464 = stablehlo.slice %431 [5:6] : (tensor<6xf64>) -> tensor<1xf64>
    %465 = stablehlo.slice %438 [5:6, 0:3] : (tensor<6x3xf64>) -> tensor<1x3xf64>
    %466 = stablehlo.reshape %464 : (tensor<1xf64>) -> tensor<f64>
    %467 = stablehlo.transpose %465, dims = [1, 0] : (tensor<1x3xf64>) -> tensor<3x1xf64>
    %468 = stablehlo.reshape %467 : (tensor<3x1xf64>) -> tensor<3xf64>
    %469 = stablehlo.sine %2 : tensor<f64>
    %470 = stablehlo.cosine %2 : tensor<f64>
    %471 = stablehlo.broadcast_in_dim %470, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %472 = stablehlo.multiply %3, %471 : tensor<3xf64>
    %473 = stablehlo.multiply %469, %14 : tensor<f64>
    %474 = stablehlo.broadcast_in_dim %14, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %475 = stablehlo.multiply %472, %474 : tensor<3xf64>
    %476 = stablehlo.broadcast_in_dim %469, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %477 = stablehlo.multiply %476, %15 : tensor<3xf64>
    %478 = stablehlo.add %475, %477 : tensor<3xf64>
    %479 = stablehlo.multiply %473, %14 : tensor<f64>
    %480 = stablehlo.broadcast_in_dim %14, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %481 = stablehlo.multiply %478, %480 : tensor<3xf64>
    %482 = stablehlo.broadcast_in_dim %473, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %483 = stablehlo.multiply %482, %15 : tensor<3xf64>
    %484 = stablehlo.add %481, %483 : tensor<3xf64>
    %485 = stablehlo.cosine %2 : tensor<f64>
    %486 = stablehlo.sine %2 : tensor<f64>
    %487 = stablehlo.broadcast_in_dim %486, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %488 = stablehlo.multiply %3, %487 : tensor<3xf64>
    %489 = stablehlo.negate %488 : tensor<3xf64>
    %490 = stablehlo.multiply %485, %456 : tensor<f64>
    %491 = stablehlo.broadcast_in_dim %456, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %492 = stablehlo.multiply %489, %491 : tensor<3xf64>
    %493 = stablehlo.broadcast_in_dim %485, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %494 = stablehlo.multiply %493, %458 : tensor<3xf64>
    %495 = stablehlo.add %492, %494 : tensor<3xf64>
    %496 = stablehlo.subtract %479, %490 : tensor<f64>
    %497 = stablehlo.subtract %484, %495 : tensor<3xf64>
    %cst_50 = stablehlo.constant dense<2.0702015999999999> : tensor<f64>
    %498 = stablehlo.multiply %cst_50, %496 : tensor<f64>
    %cst_51 = stablehlo.constant dense<2.0702015999999999> : tensor<f64>
    %499 = stablehlo.broadcast_in_dim %cst_51, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %500 = stablehlo.multiply %499, %497 : tensor<3xf64>
    %501 = stablehlo.sine %10 : tensor<f64>
    %502 = stablehlo.cosine %10 : tensor<f64>
    %503 = stablehlo.broadcast_in_dim %502, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %504 = stablehlo.multiply %11, %503 : tensor<3xf64>
    %505 = stablehlo.multiply %501, %22 : tensor<f64>
    %506 = stablehlo.broadcast_in_dim %22, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %507 = stablehlo.multiply %504, %506 : tensor<3xf64>
    %508 = stablehlo.broadcast_in_dim %501, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %509 = stablehlo.multiply %508, %23 : tensor<3xf64>
    %510 = stablehlo.add %507, %509 : tensor<3xf64>
    %511 = stablehlo.multiply %505, %22 : tensor<f64>
    %512 = stablehlo.broadcast_in_dim %22, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %513 = stablehlo.multiply %510, %512 : tensor<3xf64>
    %514 = stablehlo.broadcast_in_dim %505, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %515 = stablehlo.multiply %514, %23 : tensor<3xf64>
    %516 = stablehlo.add %513, %515 : tensor<3xf64>
    %517 = stablehlo.cosine %10 : tensor<f64>
    %518 = stablehlo.sine %10 : tensor<f64>
    %519 = stablehlo.broadcast_in_dim %518, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %520 = stablehlo.multiply %11, %519 : tensor<3xf64>
    %521 = stablehlo.negate %520 : tensor<3xf64>
    %522 = stablehlo.multiply %517, %466 : tensor<f64>
    %523 = stablehlo.broadcast_in_dim %466, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %524 = stablehlo.multiply %521, %523 : tensor<3xf64>
    %525 = stablehlo.broadcast_in_dim %517, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %526 = stablehlo.multiply %525, %468 : tensor<3xf64>
    %527 = stablehlo.add %524, %526 : tensor<3xf64>
    %528 = stablehlo.subtract %511, %522 : tensor<f64>
    %529 = stablehlo.subtract %516, %527 : tensor<3xf64>
    %cst_52 = stablehlo.constant dense<2.0826983999999999> : tensor<f64>
    %530 = stablehlo.multiply %cst_52, %528 : tensor<f64>
    %cst_53 = stablehlo.constant dense<2.0826983999999999> : tensor<f64>
    %531 = stablehlo.broadcast_in_dim %cst_53, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %532 = stablehlo.multiply %531, %529 : tensor<3xf64>
    %533 = stablehlo.add %498, %530 : tensor<f64>
    %534 = stablehlo.add %500, %532 : tensor<3xf64>
    %535 = stablehlo.cosine %10 : tensor<f64>
    %536 = stablehlo.sine %10 : tensor<f64>
    %537 = stablehlo.broadcast_in_dim %536, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %538 = stablehlo.multiply %11, %537 : tensor<3xf64>
    %539 = stablehlo.negate %538 : tensor<3xf64>
    %540 = stablehlo.multiply %533, %535 : tensor<f64>
    %541 = stablehlo.broadcast_in_dim %535, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %542 = stablehlo.multiply %534, %541 : tensor<3xf64>
    %543 = stablehlo.broadcast_in_dim %533, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %544 = stablehlo.multiply %543, %539 : tensor<3xf64>
    %545 = stablehlo.add %542, %544 : tensor<3xf64>
    %546 = stablehlo.sine %10 : tensor<f64>
    %547 = stablehlo.cosine %10 : tensor<f64>
    %548 = stablehlo.broadcast_in_dim %547, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %549 = stablehlo.multiply %11, %548 : tensor<3xf64>
    %550 = stablehlo.divide %540, %546 : tensor<f64>
    %551 = stablehlo.broadcast_in_dim %546, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %552 = stablehlo.divide %545, %551 : tensor<3xf64>
    %553 = stablehlo.negate %549 : tensor<3xf64>
    %554 = stablehlo.broadcast_in_dim %540, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %555 = stablehlo.multiply %553, %554 : tensor<3xf64>
    %556 = stablehlo.multiply %546, %546 : tensor<f64>
    %cst_54 = stablehlo.constant dense<1.000000e+00> : tensor<f64>
    %557 = stablehlo.divide %cst_54, %556 : tensor<f64>
    %558 = stablehlo.broadcast_in_dim %557, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %559 = stablehlo.multiply %555, %558 : tensor<3xf64>
    %560 = stablehlo.add %552, %559 : tensor<3xf64>
    %cst_55 = stablehlo.constant dense<9.8066499999999994> : tensor<f64>
    %561 = stablehlo.add %cst_55, %550 : tensor<f64>
    %cst_56 = stablehlo.constant dense<0.14877829736000001> : tensor<f64>
    %562 = stablehlo.multiply %cst_56, %561 : tensor<f64>
    %cst_57 = stablehlo.constant dense<0.14877829736000001> : tensor<f64>
    %563 = stablehlo.broadcast_in_dim %cst_57, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %564 = stablehlo.multiply %563, %560 : tensor<3xf64>
    return %562, %564 : tensor<f64>, tensor<3xf64>
  }
  func.func private @above(%arg0: tensor<f64>, %arg1: tensor<6xf64>, %arg2: tensor<3xf64>, %arg3: tensor<3x6xf64>) -> (tensor<f64>, tensor<3xf64>) {
    %0 = stablehlo.slice %arg1 [0:1] : (tensor<6xf64>) -> tensor<1xf64>
    %1 = stablehlo.slice %arg3 [0:3, 0:1] : (tensor<3x6xf64>) -> tensor<3x1xf64>
    %2 = stablehlo.reshape %0 : (tensor<1xf64>) -> tensor<f64>
    %3 = stablehlo.reshape %1 : (tensor<3x1xf64>) -> tensor<3xf64>
    %4 = stablehlo.slice %arg1 [1:2] : (tensor<6xf64>) -> tensor<1xf64>
    %5 = stablehlo.slice %arg3 [0:3, 1:2] : (tensor<3x6xf64>) -> tensor<3x1xf64>
    %6 = stablehlo.reshape %4 : (tensor<1xf64>) -> tensor<f64>
    %7 = stablehlo.reshape %5 : (tensor<3x1xf64>) -> tensor<3xf64>
    %8 = stablehlo.slice %arg1 [2:3] : (tensor<6xf64>) -> tensor<1xf64>
    %9 = stablehlo.slice %arg3 [0:3, 2:3] : (tensor<3x6xf64>) -> tensor<3x1xf64>
    %10 = stablehlo.reshape %8 : (tensor<1xf64>) -> tensor<f64>
    %11 = stablehlo.reshape %9 : (tensor<3x1xf64>) -> tensor<3xf64>
    %12 = stablehlo.slice %arg1 [3:4] : (tensor<6xf64>) -> tensor<1xf64>
    %13 = stablehlo.slice %arg3 [0:3, 3:4] : (tensor<3x6xf64>) -> tensor<3x1xf64>
    %14 = stablehlo.reshape %12 : (tensor<1xf64>) -> tensor<f64>
    %15 = stablehlo.reshape %13 : (tensor<3x1xf64>) -> tensor<3xf64>
    %16 = stablehlo.slice %arg1 [4:5] : (tensor<6xf64>) -> tensor<1xf64>
    %17 = stablehlo.slice %arg3 [0:3, 4:5] : (tensor<3x6xf64>) -> tensor<3x1xf64>
    %18 = stablehlo.reshape %16 : (tensor<1xf64>) -> tensor<f64>
    %19 = stablehlo.reshape %17 : (tensor<3x1xf64>) -> tensor<3xf64>
    %20 = stablehlo.slice %arg1 [5:6] : (tensor<6xf64>) -> tensor<1xf64>
    %21 = stablehlo.slice %arg3 [0:3, 5:6] : (tensor<3x6xf64>) -> tensor<3x1xf64>
    %22 = stablehlo.reshape %20 : (tensor<1xf64>) -> tensor<f64>
    %23 = stablehlo.reshape %21 : (tensor<3x1xf64>) -> tensor<3xf64>
    %24 = stablehlo.sine %2 : tensor<f64>
    %25 = stablehlo.cosine %2 : tensor<f64>
    %26 = stablehlo.broadcast_in_dim %25, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %27 = stablehlo.multiply %3, %26 : tensor<3xf64>
    %cst = stablehlo.constant dense<-2.0702015999999999> : tensor<f64>
    %28 = stablehlo.multiply %cst, %24 : tensor<f64>
    %cst_0 = stablehlo.constant dense<-2.0702015999999999> : tensor<f64>
    %29 = stablehlo.broadcast_in_dim %cst_0, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %30 = stablehlo.multiply %29, %27 : tensor<3xf64>
    %31 = stablehlo.sine %10 : tensor<f64>
    %32 = stablehlo.cosine %10 : tensor<f64>
    %33 = stablehlo.broadcast_in_dim %32, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %34 = stablehlo.multiply %11, %33 : tensor<3xf64>
    %cst_1 = stablehlo.constant dense<2.0826983999999999> : tensor<f64>
    %35 = stablehlo.multiply %cst_1, %31 : tensor<f64>
    %cst_2 = stablehlo.constant dense<2.0826983999999999> : tensor<f64>
    %36 = stablehlo.broadcast_in_dim %cst_2, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %37 = stablehlo.multiply %36, %34 : tensor<3xf64>
    %38 = stablehlo.subtract %28, %35 : tensor<f64>
    %39 = stablehlo.subtract %30, %37 : tensor<3xf64>
    %40 = stablehlo.cosine %2 : tensor<f64>
    %41 = stablehlo.sine %2 : tensor<f64>
    %42 = stablehlo.broadcast_in_dim %41, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %43 = stablehlo.multiply %3, %42 : tensor<3xf64>
    %44 = stablehlo.negate %43 : tensor<3xf64>
    %cst_3 = stablehlo.constant dense<2.0702015999999999> : tensor<f64>
    %45 = stablehlo.multiply %cst_3, %40 : tensor<f64>
    %cst_4 = stablehlo.constant dense<2.0702015999999999> : tensor<f64>
    %46 = stablehlo.broadcast_in_dim %cst_4, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %47 = stablehlo.multiply %46, %44 : tensor<3xf64>
    %48 = stablehlo.cosine %10 : tensor<f64>
    %49 = stablehlo.sine %10 : tensor<f64>
    %50 = stablehlo.broadcast_in_dim %49, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %51 = stablehlo.multiply %11, %50 : tensor<3xf64>
    %52 = stablehlo.negate %51 : tensor<3xf64>
    %cst_5 = stablehlo.constant dense<2.0826983999999999> : tensor<f64>
    %53 = stablehlo.multiply %cst_5, %48 : tensor<f64>
    %cst_6 = stablehlo.constant dense<2.0826983999999999> : tensor<f64>
    %54 = stablehlo.broadcast_in_dim %cst_6, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %55 = stablehlo.multiply %54, %52 : tensor<3xf64>
    %56 = stablehlo.add %45, %53 : tensor<f64>
    %57 = stablehlo.add %47, %55 : tensor<3xf64>
    %58 = stablehlo.cosine %2 : tensor<f64>
    %59 = stablehlo.sine %2 : tensor<f64>
    %60 = stablehlo.broadcast_in_dim %59, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %61 = stablehlo.multiply %3, %60 : tensor<3xf64>
    %62 = stablehlo.negate %61 : tensor<3xf64>
    %cst_7 = stablehlo.constant dense<-2.0702015999999999> : tensor<f64>
    %63 = stablehlo.multiply %cst_7, %58 : tensor<f64>
    %cst_8 = stablehlo.constant dense<-2.0702015999999999> : tensor<f64>
    %64 = stablehlo.broadcast_in_dim %cst_8, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %65 = stablehlo.multiply %64, %62 : tensor<3xf64>
    %66 = stablehlo.multiply %63, %14 : tensor<f64>
    %67 = stablehlo.broadcast_in_dim %14, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %68 = stablehlo.multiply %65, %67 : tensor<3xf64>
    %69 = stablehlo.broadcast_in_dim %63, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %70 = stablehlo.multiply %69, %15 : tensor<3xf64>
    %71 = stablehlo.add %68, %70 : tensor<3xf64>
    %72 = stablehlo.cosine %10 : tensor<f64>
    %73 = stablehlo.sine %10 : tensor<f64>
    %74 = stablehlo.broadcast_in_dim %73, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %75 = stablehlo.multiply %11, %74 : tensor<3xf64>
    %76 = stablehlo.negate %75 : tensor<3xf64>
    %cst_9 = stablehlo.constant dense<2.0826983999999999> : tensor<f64>
    %77 = stablehlo.multiply %cst_9, %72 : tensor<f64>
    %cst_10 = stablehlo.constant dense<2.0826983999999999> : tensor<f64>
    %78 = stablehlo.broadcast_in_dim %cst_10, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %79 = stablehlo.multiply %78, %76 : tensor<3xf64>
    %80 = stablehlo.multiply %77, %22 : tensor<f64>
    %81 = stablehlo.broadcast_in_dim %22, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %82 = stablehlo.multiply %79, %81 : tensor<3xf64>
    %83 = stablehlo.broadcast_in_dim %77, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %84 = stablehlo.multiply %83, %23 : tensor<3xf64>
    %85 = stablehlo.add %82, %84 : tensor<3xf64>
    %86 = stablehlo.subtract %66, %80 : tensor<f64>
    %87 = stablehlo.subtract %71, %85 : tensor<3xf64>
    %88 = stablehlo.sine %2 : tensor<f64>
    %89 = stablehlo.cosine %2 : tensor<f64>
    %90 = stablehlo.broadcast_in_dim %89, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %91 = stablehlo.multiply %3, %90 : tensor<3xf64>
    %cst_11 = stablehlo.constant dense<-2.0702015999999999> : tensor<f64>
    %92 = stablehlo.multiply %cst_11, %88 : tensor<f64>
    %cst_12 = stablehlo.constant dense<-2.0702015999999999> : tensor<f64>
    %93 = stablehlo.broadcast_in_dim %cst_12, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %94 = stablehlo.multiply %93, %91 : tensor<3xf64>
    %95 = stablehlo.multiply %92, %14 : tensor<f64>
    %96 = stablehlo.broadcast_in_dim %14, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %97 = stablehlo.multiply %94, %96 : tensor<3xf64>
    %98 = stablehlo.broadcast_in_dim %92, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %99 = stablehlo.multiply %98, %15 : tensor<3xf64>
    %100 = stablehlo.add %97, %99 : tensor<3xf64>
    %101 = stablehlo.sine %10 : tensor<f64>
    %102 = stablehlo.cosine %10 : tensor<f64>
    %103 = stablehlo.broadcast_in_dim %102, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %104 = stablehlo.multiply %11, %103 : tensor<3xf64>
    %cst_13 = stablehlo.constant dense<2.0826983999999999> : tensor<f64>
    %105 = stablehlo.multiply %cst_13, %101 : tensor<f64>
    %cst_14 = stablehlo.constant dense<2.0826983999999999> : tensor<f64>
    %106 = stablehlo.broadcast_in_dim %cst_14, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %107 = stablehlo.multiply %106, %104 : tensor<3xf64>
    %108 = stablehlo.multiply %105, %22 : tensor<f64>
    %109 = stablehlo.broadcast_in_dim %22, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %110 = stablehlo.multiply %107, %109 : tensor<3xf64>
    %111 = stablehlo.broadcast_in_dim %105, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %112 = stablehlo.multiply %111, %23 : tensor<3xf64>
    %113 = stablehlo.add %110, %112 : tensor<3xf64>
    %114 = stablehlo.subtract %95, %108 : tensor<f64>
    %115 = stablehlo.subtract %100, %113 : tensor<3xf64>
    %116 = stablehlo.broadcast_in_dim %38, dims = [] : (tensor<f64>) -> tensor<1xf64>
    %117 = stablehlo.broadcast_in_dim %56, dims = [] : (tensor<f64>) -> tensor<1xf64>
    %118 = stablehlo.broadcast_in_dim %86, dims = [] : (tensor<f64>) -> tensor<1xf64>
    %119 = stablehlo.broadcast_in_dim %114, dims = [] : (tensor<f64>) -> tensor<1xf64>
    %120 = stablehlo.concatenate %116, %117, %118, %119, dim = 0 : (tensor<1xf64>, tensor<1xf64>, tensor<1xf64>, tensor<1xf64>) -> tensor<4xf64>
    %121 = stablehlo.broadcast_in_dim %39, dims = [1] : (tensor<3xf64>) -> tensor<1x3xf64>
    %122 = stablehlo.broadcast_in_dim %57, dims = [1] : (tensor<3xf64>) -> tensor<1x3xf64>
    %123 = stablehlo.broadcast_in_dim %87, dims = [1] : (tensor<3xf64>) -> tensor<1x3xf64>
    %124 = stablehlo.broadcast_in_dim %115, dims = [1] : (tensor<3xf64>) -> tensor<1x3xf64>
    %125 = stablehlo.concatenate %121, %122, %123, %124, dim = 0 : (tensor<1x3xf64>, tensor<1x3xf64>, tensor<1x3xf64>, tensor<1x3xf64>) -> tensor<4x3xf64>
    %126 = stablehlo.slice %120 [0:1] : (tensor<4xf64>) -> tensor<1xf64>
    %127 = stablehlo.slice %125 [0:1, 0:3] : (tensor<4x3xf64>) -> tensor<1x3xf64>
    %128 = stablehlo.reshape %126 : (tensor<1xf64>) -> tensor<f64>
    %129 = stablehlo.transpose %127, dims = [1, 0] : (tensor<1x3xf64>) -> tensor<3x1xf64>
    %130 = stablehlo.reshape %129 : (tensor<3x1xf64>) -> tensor<3xf64>
    %131 = stablehlo.slice %120 [1:2] : (tensor<4xf64>) -> tensor<1xf64>
    %132 = stablehlo.slice %125 [1:2, 0:3] : (tensor<4x3xf64>) -> tensor<1x3xf64>
    %133 = stablehlo.reshape %131 : (tensor<1xf64>) -> tensor<f64>
    %134 = stablehlo.transpose %132, dims = [1, 0] : (tensor<1x3xf64>) -> tensor<3x1xf64>
    %135 = stablehlo.reshape %134 : (tensor<3x1xf64>) -> tensor<3xf64>
    %136 = stablehlo.slice %120 [2:3] : (tensor<4xf64>) -> tensor<1xf64>
    %137 = stablehlo.slice %125 [2:3, 0:3] : (tensor<4x3xf64>) -> tensor<1x3xf64>
    %138 = stablehlo.reshape %136 : (tensor<1xf64>) -> tensor<f64>
    %139 = stablehlo.transpose %137, dims = [1, 0] : (tensor<1x3xf64>) -> tensor<3x1xf64>
    %140 = stablehlo.reshape %139 : (tensor<3x1xf64>) -> tensor<3xf64>
    %141 = stablehlo.slice %120 [3:4] : (tensor<4xf64>) -> tensor<1xf64>
    %142 = stablehlo.slice %125 [3:4, 0:3] : (tensor<4x3xf64>) -> tensor<1x3xf64>
    %143 = stablehlo.reshape %141 : (tensor<1xf64>) -> tensor<f64>
    %144 = stablehlo.transpose %142, dims = [1, 0] : (tensor<1x3xf64>) -> tensor<3x1xf64>
    %145 = stablehlo.reshape %144 : (tensor<3x1xf64>) -> tensor<3xf64>
    %146 = stablehlo.cosine %arg0 : tensor<f64>
    %147 = stablehlo.sine %arg0 : tensor<f64>
    %148 = stablehlo.broadcast_in_dim %147, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %149 = stablehlo.multiply %arg2, %148 : tensor<3xf64>
    %150 = stablehlo.negate %149 : tensor<3xf64>
    %151 = stablehlo.multiply %143, %146 : tensor<f64>
    %152 = stablehlo.broadcast_in_dim %146, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %153 = stablehlo.multiply %145, %152 : tensor<3xf64>
    %154 = stablehlo.broadcast_in_dim %143, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %155 = stablehlo.multiply %154, %150 : tensor<3xf64>
    %156 = stablehlo.add %153, %155 : tensor<3xf64>
    %157 = stablehlo.sine %arg0 : tensor<f64>
    %158 = stablehlo.cosine %arg0 : tensor<f64>
    %159 = stablehlo.broadcast_in_dim %158, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %160 = stablehlo.multiply %arg2, %159 : tensor<3xf64>
    %161 = stablehlo.multiply %138, %157 : tensor<f64>
    %162 = stablehlo.broadcast_in_dim %157, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %163 = stablehlo.multiply %140, %162 : tensor<3xf64>
    %164 = stablehlo.broadcast_in_dim %138, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %165 = stablehlo.multiply %164, %160 : tensor<3xf64>
    %166 = stablehlo.add %163, %165 : tensor<3xf64>
    %167 = stablehlo.subtract %151, %161 : tensor<f64>
    %168 = stablehlo.subtract %156, %166 : tensor<3xf64>
    return %167, %168 : tensor<f64>, tensor<3xf64>
  }
  func.func private @step_4(%arg0: tensor<f64>, %arg1: tensor<6xf64>, %arg2: tensor<f64>, %arg3: tensor<3xf64>, %arg4: tensor<3x6xf64>) -> (tensor<6xf64>, tensor<3x6xf64>) {
    %0:2 = call @"<lambda>_5"(%arg0, %arg1, %arg3, %arg4) : (tensor<f64>, tensor<6xf64>, tensor<3xf64>, tensor<3x6xf64>) -> (tensor<6xf64>, tensor<6x3xf64>)
    %cst = stablehlo.constant dense<5.000000e-01> : tensor<f64>
    %1 = stablehlo.multiply %cst, %arg2 : tensor<f64>
    %2 = stablehlo.convert %1 : tensor<f64>
    %3 = stablehlo.broadcast_in_dim %2, dims = [] : (tensor<f64>) -> tensor<6xf64>
    %4 = stablehlo.multiply %3, %0#0 : tensor<6xf64>
    %5 = stablehlo.broadcast_in_dim %2, dims = [] : (tensor<f64>) -> tensor<6x3xf64>
    %6 = stablehlo.multiply %5, %0#1 : tensor<6x3xf64>
    %7 = stablehlo.add %arg1, %4 : tensor<6xf64>
    %8 = stablehlo.transpose %6, dims = [1, 0] : (tensor<6x3xf64>) -> tensor<3x6xf64>
    %9 = stablehlo.add %arg4, %8 : tensor<3x6xf64>
    %10:2 = call @"<lambda>_5"(%arg0, %7, %arg3, %9) : (tensor<f64>, tensor<6xf64>, tensor<3xf64>, tensor<3x6xf64>) -> (tensor<6xf64>, tensor<6x3xf64>)
    %cst_0 = stablehlo.constant dense<5.000000e-01> : tensor<f64>
    %11 = stablehlo.multiply %cst_0, %arg2 : tensor<f64>
    %12 = stablehlo.convert %11 : tensor<f64>
    %13 = stablehlo.broadcast_in_dim %12, dims = [] : (tensor<f64>) -> tensor<6xf64>
    %14 = stablehlo.multiply %13, %10#0 : tensor<6xf64>
    %15 = stablehlo.broadcast_in_dim %12, dims = [] : (tensor<f64>) -> tensor<6x3xf64>
    %16 = stablehlo.multiply %15, %10#1 : tensor<6x3xf64>
    %17 = stablehlo.add %arg1, %14 : tensor<6xf64>
    %18 = stablehlo.transpose %16, dims = [1, 0] : (tensor<6x3xf64>) -> tensor<3x6xf64>
    %19 = stablehlo.add %arg4, %18 : tensor<3x6xf64>
    %20:2 = call @"<lambda>_5"(%arg0, %17, %arg3, %19) : (tensor<f64>, tensor<6xf64>, tensor<3xf64>, tensor<3x6xf64>) -> (tensor<6xf64>, tensor<6x3xf64>)
    %cst_1 = stablehlo.constant dense<6.000000e+00> : tensor<f64>
    %21 = stablehlo.divide %arg2, %cst_1 : tensor<f64>
    %22 = stablehlo.add %10#0, %20#0 : tensor<6xf64>
    %23 = stablehlo.add %10#1, %20#1 : tensor<6x3xf64>
    %cst_2 = stablehlo.constant dense<2.000000e+00> : tensor<f64>
    %24 = stablehlo.broadcast_in_dim %cst_2, dims = [] : (tensor<f64>) -> tensor<6xf64>
    %25 = stablehlo.multiply %24, %22 : tensor<6xf64>
    %cst_3 = stablehlo.constant dense<2.000000e+00> : tensor<f64>
    %26 = stablehlo.broadcast_in_dim %cst_3, dims = [] : (tensor<f64>) -> tensor<6x3xf64>
    %27 = stablehlo.multiply %26, %23 : tensor<6x3xf64>
    %28 = stablehlo.add %0#0, %25 : tensor<6xf64>
    %29 = stablehlo.add %0#1, %27 : tensor<6x3xf64>
    %30 = stablehlo.convert %arg2 : tensor<f64>
    %31 = stablehlo.broadcast_in_dim %30, dims = [] : (tensor<f64>) -> tensor<6xf64>
    %32 = stablehlo.multiply %31, %20#0 : tensor<6xf64>
    %33 = stablehlo.broadcast_in_dim %30, dims = [] : (tensor<f64>) -> tensor<6x3xf64>
    %34 = stablehlo.multiply %33, %20#1 : tensor<6x3xf64>
    %35 = stablehlo.add %arg1, %32 : tensor<6xf64>
    %36 = stablehlo.transpose %34, dims = [1, 0] : (tensor<6x3xf64>) -> tensor<3x6xf64>
    %37 = stablehlo.add %arg4, %36 : tensor<3x6xf64>
    %38:2 = call @"<lambda>_5"(%arg0, %35, %arg3, %37) : (tensor<f64>, tensor<6xf64>, tensor<3xf64>, tensor<3x6xf64>) -> (tensor<6xf64>, tensor<6x3xf64>)
    %39 = stablehlo.add %28, %38#0 : tensor<6xf64>
    %40 = stablehlo.add %29, %38#1 : tensor<6x3xf64>
    %41 = stablehlo.convert %21 : tensor<f64>
    %42 = stablehlo.broadcast_in_dim %41, dims = [] : (tensor<f64>) -> tensor<6xf64>
    %43 = stablehlo.multiply %42, %39 : tensor<6xf64>
    %44 = stablehlo.broadcast_in_dim %41, dims = [] : (tensor<f64>) -> tensor<6x3xf64>
    %45 = stablehlo.multiply %44, %40 : tensor<6x3xf64>
    %46 = stablehlo.add %arg1, %43 : tensor<6xf64>
    %47 = stablehlo.transpose %45, dims = [1, 0] : (tensor<6x3xf64>) -> tensor<3x6xf64>
    %48 = stablehlo.add %arg4, %47 : tensor<3x6xf64>
    return %46, %48 : tensor<6xf64>, tensor<3x6xf64>
  }
  func.func private @"<lambda>_5"(%arg0: tensor<f64>, %arg1: tensor<6xf64>, %arg2: tensor<3xf64>, %arg3: tensor<3x6xf64>) -> (tensor<6xf64>, tensor<6x3xf64>) {
    %0 = stablehlo.slice %arg1 [0:1] : (tensor<6xf64>) -> tensor<1xf64>
    %1 = stablehlo.slice %arg3 [0:3, 0:1] : (tensor<3x6xf64>) -> tensor<3x1xf64>
    %2 = stablehlo.reshape %0 : (tensor<1xf64>) -> tensor<f64>
    %3 = stablehlo.reshape %1 : (tensor<3x1xf64>) -> tensor<3xf64>
    %4 = stablehlo.slice %arg1 [1:2] : (tensor<6xf64>) -> tensor<1xf64>
    %5 = stablehlo.slice %arg3 [0:3, 1:2] : (tensor<3x6xf64>) -> tensor<3x1xf64>
    %6 = stablehlo.reshape %4 : (tensor<1xf64>) -> tensor<f64>
    %7 = stablehlo.reshape %5 : (tensor<3x1xf64>) -> tensor<3xf64>
    %8 = stablehlo.slice %arg1 [2:3] : (tensor<6xf64>) -> tensor<1xf64>
    %9 = stablehlo.slice %arg3 [0:3, 2:3] : (tensor<3x6xf64>) -> tensor<3x1xf64>
    %10 = stablehlo.reshape %8 : (tensor<1xf64>) -> tensor<f64>
    %11 = stablehlo.reshape %9 : (tensor<3x1xf64>) -> tensor<3xf64>
    %12 = stablehlo.slice %arg1 [3:4] : (tensor<6xf64>) -> tensor<1xf64>
    %13 = stablehlo.slice %arg3 [0:3, 3:4] : (tensor<3x6xf64>) -> tensor<3x1xf64>
    %14 = stablehlo.reshape %12 : (tensor<1xf64>) -> tensor<f64>
    %15 = stablehlo.reshape %13 : (tensor<3x1xf64>) -> tensor<3xf64>
    %16 = stablehlo.slice %arg1 [4:5] : (tensor<6xf64>) -> tensor<1xf64>
    %17 = stablehlo.slice %arg3 [0:3, 4:5] : (tensor<3x6xf64>) -> tensor<3x1xf64>
    %18 = stablehlo.reshape %16 : (tensor<1xf64>) -> tensor<f64>
    %19 = stablehlo.reshape %17 : (tensor<3x1xf64>) -> tensor<3xf64>
    %20 = stablehlo.slice %arg1 [5:6] : (tensor<6xf64>) -> tensor<1xf64>
    %21 = stablehlo.slice %arg3 [0:3, 5:6] : (tensor<3x6xf64>) -> tensor<3x1xf64>
    %22 = stablehlo.reshape %20 : (tensor<1xf64>) -> tensor<f64>
    %23 = stablehlo.reshape %21 : (tensor<3x1xf64>) -> tensor<3xf64>
    %cst = stablehlo.constant dense<0.28451556> : tensor<f64>
    %24 = stablehlo.multiply %arg0, %cst : tensor<f64>
    %cst_0 = stablehlo.constant dense<0.28451556> : tensor<f64>
    %25 = stablehlo.broadcast_in_dim %cst_0, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %26 = stablehlo.multiply %arg2, %25 : tensor<3xf64>
    %cst_1 = stablehlo.constant dense<2.8944122836731561> : tensor<f64>
    %27 = stablehlo.add %cst_1, %24 : tensor<f64>
    %cst_2 = stablehlo.constant dense<0.63762430634225065> : tensor<f64>
    %28 = stablehlo.add %27, %cst_2 : tensor<f64>
    %cst_3 = stablehlo.constant dense<0.37161216000000002> : tensor<f64>
    %29 = stablehlo.multiply %arg0, %cst_3 : tensor<f64>
    %cst_4 = stablehlo.constant dense<0.37161216000000002> : tensor<f64>
    %30 = stablehlo.broadcast_in_dim %cst_4, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %31 = stablehlo.multiply %arg2, %30 : tensor<3xf64>
    %cst_5 = stablehlo.constant dense<2.7288719786342384> : tensor<f64>
    %32 = stablehlo.add %cst_5, %29 : tensor<f64>
    %cst_6 = stablehlo.constant dense<5.334000e-01> : tensor<f64>
    %33 = stablehlo.multiply %arg0, %cst_6 : tensor<f64>
    %cst_7 = stablehlo.constant dense<5.334000e-01> : tensor<f64>
    %34 = stablehlo.broadcast_in_dim %cst_7, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %35 = stablehlo.multiply %arg2, %34 : tensor<3xf64>
    %cst_8 = stablehlo.constant dense<6.096000e-01> : tensor<f64>
    %36 = stablehlo.multiply %33, %cst_8 : tensor<f64>
    %cst_9 = stablehlo.constant dense<6.096000e-01> : tensor<f64>
    %37 = stablehlo.broadcast_in_dim %cst_9, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %38 = stablehlo.multiply %35, %37 : tensor<3xf64>
    %cst_10 = stablehlo.constant dense<5.334000e-01> : tensor<f64>
    %39 = stablehlo.multiply %arg0, %cst_10 : tensor<f64>
    %cst_11 = stablehlo.constant dense<5.334000e-01> : tensor<f64>
    %40 = stablehlo.broadcast_in_dim %cst_11, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %41 = stablehlo.multiply %arg2, %40 : tensor<3xf64>
    %cst_12 = stablehlo.constant dense<4.0199599500471406> : tensor<f64>
    %42 = stablehlo.subtract %cst_12, %39 : tensor<f64>
    %43 = stablehlo.negate %41 : tensor<3xf64>
    %44 = stablehlo.subtract %6, %2 : tensor<f64>
    %45 = stablehlo.subtract %7, %3 : tensor<3xf64>
    %46 = stablehlo.sine %44 : tensor<f64>
    %47 = stablehlo.cosine %44 : tensor<f64>
    %48 = stablehlo.broadcast_in_dim %47, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %49 = stablehlo.multiply %45, %48 : tensor<3xf64>
    %50 = stablehlo.multiply %36, %46 : tensor<f64>
    %51 = stablehlo.broadcast_in_dim %46, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %52 = stablehlo.multiply %38, %51 : tensor<3xf64>
    %53 = stablehlo.broadcast_in_dim %36, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %54 = stablehlo.multiply %53, %49 : tensor<3xf64>
    %55 = stablehlo.add %52, %54 : tensor<3xf64>
    %56 = stablehlo.multiply %50, %18 : tensor<f64>
    %57 = stablehlo.broadcast_in_dim %18, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %58 = stablehlo.multiply %55, %57 : tensor<3xf64>
    %59 = stablehlo.broadcast_in_dim %50, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %60 = stablehlo.multiply %59, %19 : tensor<3xf64>
    %61 = stablehlo.add %58, %60 : tensor<3xf64>
    %62 = stablehlo.multiply %56, %18 : tensor<f64>
    %63 = stablehlo.broadcast_in_dim %18, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %64 = stablehlo.multiply %61, %63 : tensor<3xf64>
    %65 = stablehlo.broadcast_in_dim %56, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %66 = stablehlo.multiply %65, %19 : tensor<3xf64>
    %67 = stablehlo.add %64, %66 : tensor<3xf64>
    %68 = stablehlo.subtract %10, %2 : tensor<f64>
    %69 = stablehlo.subtract %11, %3 : tensor<3xf64>
    %70 = stablehlo.sine %68 : tensor<f64>
    %71 = stablehlo.cosine %68 : tensor<f64>
    %72 = stablehlo.broadcast_in_dim %71, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %73 = stablehlo.multiply %69, %72 : tensor<3xf64>
    %cst_13 = stablehlo.constant dense<0.64147333410432839> : tensor<f64>
    %74 = stablehlo.multiply %cst_13, %70 : tensor<f64>
    %cst_14 = stablehlo.constant dense<0.64147333410432839> : tensor<f64>
    %75 = stablehlo.broadcast_in_dim %cst_14, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %76 = stablehlo.multiply %75, %73 : tensor<3xf64>
    %77 = stablehlo.multiply %74, %22 : tensor<f64>
    %78 = stablehlo.broadcast_in_dim %22, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %79 = stablehlo.multiply %76, %78 : tensor<3xf64>
    %80 = stablehlo.broadcast_in_dim %74, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %81 = stablehlo.multiply %80, %23 : tensor<3xf64>
    %82 = stablehlo.add %79, %81 : tensor<3xf64>
    %83 = stablehlo.multiply %77, %22 : tensor<f64>
    %84 = stablehlo.broadcast_in_dim %22, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %85 = stablehlo.multiply %82, %84 : tensor<3xf64>
    %86 = stablehlo.broadcast_in_dim %77, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %87 = stablehlo.multiply %86, %23 : tensor<3xf64>
    %88 = stablehlo.add %85, %87 : tensor<3xf64>
    %89 = stablehlo.add %62, %83 : tensor<f64>
    %90 = stablehlo.add %67, %88 : tensor<3xf64>
    %cst_15 = stablehlo.constant dense<9.8066499999999994> : tensor<f64>
    %91 = stablehlo.multiply %cst_15, %42 : tensor<f64>
    %cst_16 = stablehlo.constant dense<9.8066499999999994> : tensor<f64>
    %92 = stablehlo.broadcast_in_dim %cst_16, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %93 = stablehlo.multiply %92, %43 : tensor<3xf64>
    %94 = stablehlo.sine %2 : tensor<f64>
    %95 = stablehlo.cosine %2 : tensor<f64>
    %96 = stablehlo.broadcast_in_dim %95, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %97 = stablehlo.multiply %3, %96 : tensor<3xf64>
    %98 = stablehlo.multiply %91, %94 : tensor<f64>
    %99 = stablehlo.broadcast_in_dim %94, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %100 = stablehlo.multiply %93, %99 : tensor<3xf64>
    %101 = stablehlo.broadcast_in_dim %91, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %102 = stablehlo.multiply %101, %97 : tensor<3xf64>
    %103 = stablehlo.add %100, %102 : tensor<3xf64>
    %104 = stablehlo.add %89, %98 : tensor<f64>
    %105 = stablehlo.add %90, %103 : tensor<3xf64>
    %106 = stablehlo.negate %36 : tensor<f64>
    %107 = stablehlo.negate %38 : tensor<3xf64>
    %108 = stablehlo.subtract %6, %2 : tensor<f64>
    %109 = stablehlo.subtract %7, %3 : tensor<3xf64>
    %110 = stablehlo.sine %108 : tensor<f64>
    %111 = stablehlo.cosine %108 : tensor<f64>
    %112 = stablehlo.broadcast_in_dim %111, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %113 = stablehlo.multiply %109, %112 : tensor<3xf64>
    %114 = stablehlo.multiply %106, %110 : tensor<f64>
    %115 = stablehlo.broadcast_in_dim %110, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %116 = stablehlo.multiply %107, %115 : tensor<3xf64>
    %117 = stablehlo.broadcast_in_dim %106, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %118 = stablehlo.multiply %117, %113 : tensor<3xf64>
    %119 = stablehlo.add %116, %118 : tensor<3xf64>
    %120 = stablehlo.multiply %114, %14 : tensor<f64>
    %121 = stablehlo.broadcast_in_dim %14, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %122 = stablehlo.multiply %119, %121 : tensor<3xf64>
    %123 = stablehlo.broadcast_in_dim %114, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %124 = stablehlo.multiply %123, %15 : tensor<3xf64>
    %125 = stablehlo.add %122, %124 : tensor<3xf64>
    %126 = stablehlo.multiply %120, %14 : tensor<f64>
    %127 = stablehlo.broadcast_in_dim %14, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %128 = stablehlo.multiply %125, %127 : tensor<3xf64>
    %129 = stablehlo.broadcast_in_dim %120, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %130 = stablehlo.multiply %129, %15 : tensor<3xf64>
    %131 = stablehlo.add %128, %130 : tensor<3xf64>
    %cst_17 = stablehlo.constant dense<9.8066499999999994> : tensor<f64>
    %132 = stablehlo.multiply %cst_17, %arg0 : tensor<f64>
    %cst_18 = stablehlo.constant dense<9.8066499999999994> : tensor<f64>
    %133 = stablehlo.broadcast_in_dim %cst_18, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %134 = stablehlo.multiply %133, %arg2 : tensor<3xf64>
    %cst_19 = stablehlo.constant dense<6.096000e-01> : tensor<f64>
    %135 = stablehlo.multiply %132, %cst_19 : tensor<f64>
    %cst_20 = stablehlo.constant dense<6.096000e-01> : tensor<f64>
    %136 = stablehlo.broadcast_in_dim %cst_20, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %137 = stablehlo.multiply %134, %136 : tensor<3xf64>
    %138 = stablehlo.sine %6 : tensor<f64>
    %139 = stablehlo.cosine %6 : tensor<f64>
    %140 = stablehlo.broadcast_in_dim %139, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %141 = stablehlo.multiply %7, %140 : tensor<3xf64>
    %142 = stablehlo.multiply %135, %138 : tensor<f64>
    %143 = stablehlo.broadcast_in_dim %138, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %144 = stablehlo.multiply %137, %143 : tensor<3xf64>
    %145 = stablehlo.broadcast_in_dim %135, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %146 = stablehlo.multiply %145, %141 : tensor<3xf64>
    %147 = stablehlo.add %144, %146 : tensor<3xf64>
    %148 = stablehlo.subtract %126, %142 : tensor<f64>
    %149 = stablehlo.subtract %131, %147 : tensor<3xf64>
    %150 = stablehlo.subtract %10, %2 : tensor<f64>
    %151 = stablehlo.subtract %11, %3 : tensor<3xf64>
    %152 = stablehlo.sine %150 : tensor<f64>
    %153 = stablehlo.cosine %150 : tensor<f64>
    %154 = stablehlo.broadcast_in_dim %153, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %155 = stablehlo.multiply %151, %154 : tensor<3xf64>
    %cst_21 = stablehlo.constant dense<-0.64147333410432839> : tensor<f64>
    %156 = stablehlo.multiply %cst_21, %152 : tensor<f64>
    %cst_22 = stablehlo.constant dense<-0.64147333410432839> : tensor<f64>
    %157 = stablehlo.broadcast_in_dim %cst_22, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %158 = stablehlo.multiply %157, %155 : tensor<3xf64>
    %159 = stablehlo.multiply %156, %14 : tensor<f64>
    %160 = stablehlo.broadcast_in_dim %14, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %161 = stablehlo.multiply %158, %160 : tensor<3xf64>
    %162 = stablehlo.broadcast_in_dim %156, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %163 = stablehlo.multiply %162, %15 : tensor<3xf64>
    %164 = stablehlo.add %161, %163 : tensor<3xf64>
    %165 = stablehlo.multiply %159, %14 : tensor<f64>
    %166 = stablehlo.broadcast_in_dim %14, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %167 = stablehlo.multiply %164, %166 : tensor<3xf64>
    %168 = stablehlo.broadcast_in_dim %159, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %169 = stablehlo.multiply %168, %15 : tensor<3xf64>
    %170 = stablehlo.add %167, %169 : tensor<3xf64>
    %171 = stablehlo.sine %10 : tensor<f64>
    %172 = stablehlo.cosine %10 : tensor<f64>
    %173 = stablehlo.broadcast_in_dim %172, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %174 = stablehlo.multiply %11, %173 : tensor<3xf64>
    %cst_23 = stablehlo.constant dense<3.0386917254310943> : tensor<f64>
    %175 = stablehlo.multiply %cst_23, %171 : tensor<f64>
    %cst_24 = stablehlo.constant dense<3.0386917254310943> : tensor<f64>
    %176 = stablehlo.broadcast_in_dim %cst_24, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %177 = stablehlo.multiply %176, %174 : tensor<3xf64>
    %178 = stablehlo.add %165, %175 : tensor<f64>
    %179 = stablehlo.add %170, %177 : tensor<3xf64>
    %180 = stablehlo.subtract %6, %2 : tensor<f64>
    %181 = stablehlo.subtract %7, %3 : tensor<3xf64>
    %182 = stablehlo.cosine %180 : tensor<f64>
    %183 = stablehlo.sine %180 : tensor<f64>
    %184 = stablehlo.broadcast_in_dim %183, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %185 = stablehlo.multiply %181, %184 : tensor<3xf64>
    %186 = stablehlo.negate %185 : tensor<3xf64>
    %187 = stablehlo.multiply %36, %182 : tensor<f64>
    %188 = stablehlo.broadcast_in_dim %182, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %189 = stablehlo.multiply %38, %188 : tensor<3xf64>
    %190 = stablehlo.broadcast_in_dim %36, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %191 = stablehlo.multiply %190, %186 : tensor<3xf64>
    %192 = stablehlo.add %189, %191 : tensor<3xf64>
    %193 = stablehlo.subtract %10, %2 : tensor<f64>
    %194 = stablehlo.subtract %11, %3 : tensor<3xf64>
    %195 = stablehlo.cosine %193 : tensor<f64>
    %196 = stablehlo.sine %193 : tensor<f64>
    %197 = stablehlo.broadcast_in_dim %196, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %198 = stablehlo.multiply %194, %197 : tensor<3xf64>
    %199 = stablehlo.negate %198 : tensor<3xf64>
    %cst_25 = stablehlo.constant dense<0.64147333410432839> : tensor<f64>
    %200 = stablehlo.multiply %cst_25, %195 : tensor<f64>
    %cst_26 = stablehlo.constant dense<0.64147333410432839> : tensor<f64>
    %201 = stablehlo.broadcast_in_dim %cst_26, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %202 = stablehlo.multiply %201, %199 : tensor<3xf64>
    %203 = stablehlo.multiply %187, %187 : tensor<f64>
    %cst_27 = stablehlo.constant dense<2.000000e+00> : tensor<f64>
    %204 = stablehlo.multiply %cst_27, %187 : tensor<f64>
    %205 = stablehlo.broadcast_in_dim %204, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %206 = stablehlo.multiply %192, %205 : tensor<3xf64>
    %207 = stablehlo.divide %203, %32 : tensor<f64>
    %208 = stablehlo.broadcast_in_dim %32, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %209 = stablehlo.divide %206, %208 : tensor<3xf64>
    %210 = stablehlo.negate %31 : tensor<3xf64>
    %211 = stablehlo.broadcast_in_dim %203, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %212 = stablehlo.multiply %210, %211 : tensor<3xf64>
    %213 = stablehlo.multiply %32, %32 : tensor<f64>
    %cst_28 = stablehlo.constant dense<1.000000e+00> : tensor<f64>
    %214 = stablehlo.divide %cst_28, %213 : tensor<f64>
    %215 = stablehlo.broadcast_in_dim %214, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %216 = stablehlo.multiply %212, %215 : tensor<3xf64>
    %217 = stablehlo.add %209, %216 : tensor<3xf64>
    %218 = stablehlo.subtract %28, %207 : tensor<f64>
    %219 = stablehlo.subtract %26, %217 : tensor<3xf64>
    %220 = stablehlo.multiply %187, %148 : tensor<f64>
    %221 = stablehlo.broadcast_in_dim %148, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %222 = stablehlo.multiply %192, %221 : tensor<3xf64>
    %223 = stablehlo.broadcast_in_dim %187, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %224 = stablehlo.multiply %223, %149 : tensor<3xf64>
    %225 = stablehlo.add %222, %224 : tensor<3xf64>
    %226 = stablehlo.divide %220, %32 : tensor<f64>
    %227 = stablehlo.broadcast_in_dim %32, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %228 = stablehlo.divide %225, %227 : tensor<3xf64>
    %229 = stablehlo.negate %31 : tensor<3xf64>
    %230 = stablehlo.broadcast_in_dim %220, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %231 = stablehlo.multiply %229, %230 : tensor<3xf64>
    %232 = stablehlo.multiply %32, %32 : tensor<f64>
    %cst_29 = stablehlo.constant dense<1.000000e+00> : tensor<f64>
    %233 = stablehlo.divide %cst_29, %232 : tensor<f64>
    %234 = stablehlo.broadcast_in_dim %233, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %235 = stablehlo.multiply %231, %234 : tensor<3xf64>
    %236 = stablehlo.add %228, %235 : tensor<3xf64>
    %237 = stablehlo.subtract %104, %226 : tensor<f64>
    %238 = stablehlo.subtract %105, %236 : tensor<3xf64>
    %239 = stablehlo.multiply %200, %200 : tensor<f64>
    %cst_30 = stablehlo.constant dense<2.000000e+00> : tensor<f64>
    %240 = stablehlo.multiply %cst_30, %200 : tensor<f64>
    %241 = stablehlo.broadcast_in_dim %240, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %242 = stablehlo.multiply %202, %241 : tensor<3xf64>
    %cst_31 = stablehlo.constant dense<0.64534559657462842> : tensor<f64>
    %243 = stablehlo.divide %239, %cst_31 : tensor<f64>
    %cst_32 = stablehlo.constant dense<0.64534559657462842> : tensor<f64>
    %244 = stablehlo.broadcast_in_dim %cst_32, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %245 = stablehlo.divide %242, %244 : tensor<3xf64>
    %246 = stablehlo.subtract %218, %243 : tensor<f64>
    %247 = stablehlo.subtract %219, %245 : tensor<3xf64>
    %248 = stablehlo.multiply %200, %178 : tensor<f64>
    %249 = stablehlo.broadcast_in_dim %178, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %250 = stablehlo.multiply %202, %249 : tensor<3xf64>
    %251 = stablehlo.broadcast_in_dim %200, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %252 = stablehlo.multiply %251, %179 : tensor<3xf64>
    %253 = stablehlo.add %250, %252 : tensor<3xf64>
    %cst_33 = stablehlo.constant dense<0.64534559657462842> : tensor<f64>
    %254 = stablehlo.divide %248, %cst_33 : tensor<f64>
    %cst_34 = stablehlo.constant dense<0.64534559657462842> : tensor<f64>
    %255 = stablehlo.broadcast_in_dim %cst_34, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %256 = stablehlo.divide %253, %255 : tensor<3xf64>
    %257 = stablehlo.subtract %237, %254 : tensor<f64>
    %258 = stablehlo.subtract %238, %256 : tensor<3xf64>
    %259 = stablehlo.divide %257, %246 : tensor<f64>
    %260 = stablehlo.broadcast_in_dim %246, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %261 = stablehlo.divide %258, %260 : tensor<3xf64>
    %262 = stablehlo.negate %247 : tensor<3xf64>
    %263 = stablehlo.broadcast_in_dim %257, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %264 = stablehlo.multiply %262, %263 : tensor<3xf64>
    %265 = stablehlo.multiply %246, %246 : tensor<f64>
    %cst_35 = stablehlo.constant dense<1.000000e+00> : tensor<f64>
    %266 = stablehlo.divide %cst_35, %265 : tensor<f64>
    %267 = stablehlo.broadcast_in_dim %266, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %268 = stablehlo.multiply %264, %267 : tensor<3xf64>
    %269 = stablehlo.add %261, %268 : tensor<3xf64>
    %270 = stablehlo.multiply %200, %259 : tensor<f64>
    %271 = stablehlo.broadcast_in_dim %259, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %272 = stablehlo.multiply %202, %271 : tensor<3xf64>
    %273 = stablehlo.broadcast_in_dim %200, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %274 = stablehlo.multiply %273, %269 : tensor<3xf64>
    %275 = stablehlo.add %272, %274 : tensor<3xf64>
    %276 = stablehlo.subtract %178, %270 : tensor<f64>
    %277 = stablehlo.subtract %179, %275 : tensor<3xf64>
    %cst_36 = stablehlo.constant dense<0.64534559657462842> : tensor<f64>
    %278 = stablehlo.divide %276, %cst_36 : tensor<f64>
    %cst_37 = stablehlo.constant dense<0.64534559657462842> : tensor<f64>
    %279 = stablehlo.broadcast_in_dim %cst_37, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %280 = stablehlo.divide %277, %279 : tensor<3xf64>
    %281 = stablehlo.multiply %187, %259 : tensor<f64>
    %282 = stablehlo.broadcast_in_dim %259, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %283 = stablehlo.multiply %192, %282 : tensor<3xf64>
    %284 = stablehlo.broadcast_in_dim %187, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %285 = stablehlo.multiply %284, %269 : tensor<3xf64>
    %286 = stablehlo.add %283, %285 : tensor<3xf64>
    %287 = stablehlo.subtract %148, %281 : tensor<f64>
    %288 = stablehlo.subtract %149, %286 : tensor<3xf64>
    %289 = stablehlo.divide %287, %32 : tensor<f64>
    %290 = stablehlo.broadcast_in_dim %32, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %291 = stablehlo.divide %288, %290 : tensor<3xf64>
    %292 = stablehlo.negate %31 : tensor<3xf64>
    %293 = stablehlo.broadcast_in_dim %287, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %294 = stablehlo.multiply %292, %293 : tensor<3xf64>
    %295 = stablehlo.multiply %32, %32 : tensor<f64>
    %cst_38 = stablehlo.constant dense<1.000000e+00> : tensor<f64>
    %296 = stablehlo.divide %cst_38, %295 : tensor<f64>
    %297 = stablehlo.broadcast_in_dim %296, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %298 = stablehlo.multiply %294, %297 : tensor<3xf64>
    %299 = stablehlo.add %291, %298 : tensor<3xf64>
    %300 = stablehlo.broadcast_in_dim %14, dims = [] : (tensor<f64>) -> tensor<1xf64>
    %301 = stablehlo.broadcast_in_dim %18, dims = [] : (tensor<f64>) -> tensor<1xf64>
    %302 = stablehlo.broadcast_in_dim %22, dims = [] : (tensor<f64>) -> tensor<1xf64>
    %303 = stablehlo.broadcast_in_dim %259, dims = [] : (tensor<f64>) -> tensor<1xf64>
    %304 = stablehlo.broadcast_in_dim %289, dims = [] : (tensor<f64>) -> tensor<1xf64>
    %305 = stablehlo.broadcast_in_dim %278, dims = [] : (tensor<f64>) -> tensor<1xf64>
    %306 = stablehlo.concatenate %300, %301, %302, %303, %304, %305, dim = 0 : (tensor<1xf64>, tensor<1xf64>, tensor<1xf64>, tensor<1xf64>, tensor<1xf64>, tensor<1xf64>) -> tensor<6xf64>
    %307 = stablehlo.broadcast_in_dim %15, dims = [1] : (tensor<3xf64>) -> tensor<1x3xf64>
    %308 = stablehlo.broadcast_in_dim %19, dims = [1] : (tensor<3xf64>) -> tensor<1x3xf64>
    %309 = stablehlo.broadcast_in_dim %23, dims = [1] : (tensor<3xf64>) -> tensor<1x3xf64>
    %310 = stablehlo.broadcast_in_dim %269, dims = [1] : (tensor<3xf64>) -> tensor<1x3xf64>
    %311 = stablehlo.broadcast_in_dim %299, dims = [1] : (tensor<3xf64>) -> tensor<1x3xf64>
    %312 = stablehlo.broadcast_in_dim %280, dims = [1] : (tensor<3xf64>) -> tensor<1x3xf64>
    %313 = stablehlo.concatenate %307, %308, %309, %310, %311, %312, dim = 0 : (tensor<1x3xf64>, tensor<1x3xf64>, tensor<1x3xf64>, tensor<1x3xf64>, tensor<1x3xf64>, tensor<1x3xf64>) -> tensor<6x3xf64>
    return %306, %313 : tensor<6xf64>, tensor<6x3xf64>
  }
  func.func private @above_6(%arg0: tensor<f64>, %arg1: tensor<6xf64>, %arg2: tensor<3xf64>, %arg3: tensor<3x6xf64>) -> (tensor<f64>, tensor<3xf64>) {
    %0 = stablehlo.slice %arg1 [0:1] : (tensor<6xf64>) -> tensor<1xf64>
    %1 = stablehlo.slice %arg3 [0:3, 0:1] : (tensor<3x6xf64>) -> tensor<3x1xf64>
    %2 = stablehlo.reshape %0 : (tensor<1xf64>) -> tensor<f64>
    %3 = stablehlo.reshape %1 : (tensor<3x1xf64>) -> tensor<3xf64>
    %4 = stablehlo.slice %arg1 [1:2] : (tensor<6xf64>) -> tensor<1xf64>
    %5 = stablehlo.slice %arg3 [0:3, 1:2] : (tensor<3x6xf64>) -> tensor<3x1xf64>
    %6 = stablehlo.reshape %4 : (tensor<1xf64>) -> tensor<f64>
    %7 = stablehlo.reshape %5 : (tensor<3x1xf64>) -> tensor<3xf64>
    %8 = stablehlo.slice %arg1 [2:3] : (tensor<6xf64>) -> tensor<1xf64>
    %9 = stablehlo.slice %arg3 [0:3, 2:3] : (tensor<3x6xf64>) -> tensor<3x1xf64>
    %10 = stablehlo.reshape %8 : (tensor<1xf64>) -> tensor<f64>
    %11 = stablehlo.reshape %9 : (tensor<3x1xf64>) -> tensor<3xf64>
    %12 = stablehlo.slice %arg1 [3:4] : (tensor<6xf64>) -> tensor<1xf64>
    %13 = stablehlo.slice %arg3 [0:3, 3:4] : (tensor<3x6xf64>) -> tensor<3x1xf64>
    %14 = stablehlo.reshape %12 : (tensor<1xf64>) -> tensor<f64>
    %15 = stablehlo.reshape %13 : (tensor<3x1xf64>) -> tensor<3xf64>
    %16 = stablehlo.slice %arg1 [4:5] : (tensor<6xf64>) -> tensor<1xf64>
    %17 = stablehlo.slice %arg3 [0:3, 4:5] : (tensor<3x6xf64>) -> tensor<3x1xf64>
    %18 = stablehlo.reshape %16 : (tensor<1xf64>) -> tensor<f64>
    %19 = stablehlo.reshape %17 : (tensor<3x1xf64>) -> tensor<3xf64>
    %20 = stablehlo.slice %arg1 [5:6] : (tensor<6xf64>) -> tensor<1xf64>
    %21 = stablehlo.slice %arg3 [0:3, 5:6] : (tensor<3x6xf64>) -> tensor<3x1xf64>
    %22 = stablehlo.reshape %20 : (tensor<1xf64>) -> tensor<f64>
    %23 = stablehlo.reshape %21 : (tensor<3x1xf64>) -> tensor<3xf64>
    %24 = stablehlo.sine %2 : tensor<f64>
    %25 = stablehlo.cosine %2 : tensor<f64>
    %26 = stablehlo.broadcast_in_dim %25, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %27 = stablehlo.multiply %3, %26 : tensor<3xf64>
    %cst = stablehlo.constant dense<-2.0702015999999999> : tensor<f64>
    %28 = stablehlo.multiply %cst, %24 : tensor<f64>
    %cst_0 = stablehlo.constant dense<-2.0702015999999999> : tensor<f64>
    %29 = stablehlo.broadcast_in_dim %cst_0, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %30 = stablehlo.multiply %29, %27 : tensor<3xf64>
    %31 = stablehlo.sine %10 : tensor<f64>
    %32 = stablehlo.cosine %10 : tensor<f64>
    %33 = stablehlo.broadcast_in_dim %32, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %34 = stablehlo.multiply %11, %33 : tensor<3xf64>
    %cst_1 = stablehlo.constant dense<2.0826983999999999> : tensor<f64>
    %35 = stablehlo.multiply %cst_1, %31 : tensor<f64>
    %cst_2 = stablehlo.constant dense<2.0826983999999999> : tensor<f64>
    %36 = stablehlo.broadcast_in_dim %cst_2, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %37 = stablehlo.multiply %36, %34 : tensor<3xf64>
    %38 = stablehlo.subtract %28, %35 : tensor<f64>
    %39 = stablehlo.subtract %30, %37 : tensor<3xf64>
    %40 = stablehlo.cosine %2 : tensor<f64>
    %41 = stablehlo.sine %2 : tensor<f64>
    %42 = stablehlo.broadcast_in_dim %41, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %43 = stablehlo.multiply %3, %42 : tensor<3xf64>
    %44 = stablehlo.negate %43 : tensor<3xf64>
    %cst_3 = stablehlo.constant dense<2.0702015999999999> : tensor<f64>
    %45 = stablehlo.multiply %cst_3, %40 : tensor<f64>
    %cst_4 = stablehlo.constant dense<2.0702015999999999> : tensor<f64>
    %46 = stablehlo.broadcast_in_dim %cst_4, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %47 = stablehlo.multiply %46, %44 : tensor<3xf64>
    %48 = stablehlo.cosine %10 : tensor<f64>
    %49 = stablehlo.sine %10 : tensor<f64>
    %50 = stablehlo.broadcast_in_dim %49, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %51 = stablehlo.multiply %11, %50 : tensor<3xf64>
    %52 = stablehlo.negate %51 : tensor<3xf64>
    %cst_5 = stablehlo.constant dense<2.0826983999999999> : tensor<f64>
    %53 = stablehlo.multiply %cst_5, %48 : tensor<f64>
    %cst_6 = stablehlo.constant dense<2.0826983999999999> : tensor<f64>
    %54 = stablehlo.broadcast_in_dim %cst_6, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %55 = stablehlo.multiply %54, %52 : tensor<3xf64>
    %56 = stablehlo.add %45, %53 : tensor<f64>
    %57 = stablehlo.add %47, %55 : tensor<3xf64>
    %58 = stablehlo.cosine %2 : tensor<f64>
    %59 = stablehlo.sine %2 : tensor<f64>
    %60 = stablehlo.broadcast_in_dim %59, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %61 = stablehlo.multiply %3, %60 : tensor<3xf64>
    %62 = stablehlo.negate %61 : tensor<3xf64>
    %cst_7 = stablehlo.constant dense<-2.0702015999999999> : tensor<f64>
    %63 = stablehlo.multiply %cst_7, %58 : tensor<f64>
    %cst_8 = stablehlo.constant dense<-2.0702015999999999> : tensor<f64>
    %64 = stablehlo.broadcast_in_dim %cst_8, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %65 = stablehlo.multiply %64, %62 : tensor<3xf64>
    %66 = stablehlo.multiply %63, %14 : tensor<f64>
    %67 = stablehlo.broadcast_in_dim %14, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %68 = stablehlo.multiply %65, %67 : tensor<3xf64>
    %69 = stablehlo.broadcast_in_dim %63, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %70 = stablehlo.multiply %69, %15 : tensor<3xf64>
    %71 = stablehlo.add %68, %70 : tensor<3xf64>
    %72 = stablehlo.cosine %10 : tensor<f64>
    %73 = stablehlo.sine %10 : tensor<f64>
    %74 = stablehlo.broadcast_in_dim %73, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %75 = stablehlo.multiply %11, %74 : tensor<3xf64>
    %76 = stablehlo.negate %75 : tensor<3xf64>
    %cst_9 = stablehlo.constant dense<2.0826983999999999> : tensor<f64>
    %77 = stablehlo.multiply %cst_9, %72 : tensor<f64>
    %cst_10 = stablehlo.constant dense<2.0826983999999999> : tensor<f64>
    %78 = stablehlo.broadcast_in_dim %cst_10, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %79 = stablehlo.multiply %78, %76 : tensor<3xf64>
    %80 = stablehlo.multiply %77, %22 : tensor<f64>
    %81 = stablehlo.broadcast_in_dim %22, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %82 = stablehlo.multiply %79, %81 : tensor<3xf64>
    %83 = stablehlo.broadcast_in_dim %77, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %84 = stablehlo.multiply %83, %23 : tensor<3xf64>
    %85 = stablehlo.add %82, %84 : tensor<3xf64>
    %86 = stablehlo.subtract %66, %80 : tensor<f64>
    %87 = stablehlo.subtract %71, %85 : tensor<3xf64>
    %88 = stablehlo.sine %2 : tensor<f64>
    %89 = stablehlo.cosine %2 : tensor<f64>
    %90 = stablehlo.broadcast_in_dim %89, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %91 = stablehlo.multiply %3, %90 : tensor<3xf64>
    %cst_11 = stablehlo.constant dense<-2.0702015999999999> : tensor<f64>
    %92 = stablehlo.multiply %cst_11, %88 : tensor<f64>
    %cst_12 = stablehlo.constant dense<-2.0702015999999999> : tensor<f64>
    %93 = stablehlo.broadcast_in_dim %cst_12, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %94 = stablehlo.multiply %93, %91 : tensor<3xf64>
    %95 = stablehlo.multiply %92, %14 : tensor<f64>
    %96 = stablehlo.broadcast_in_dim %14, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %97 = stablehlo.multiply %94, %96 : tensor<3xf64>
    %98 = stablehlo.broadcast_in_dim %92, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %99 = stablehlo.multiply %98, %15 : tensor<3xf64>
    %100 = stablehlo.add %97, %99 : tensor<3xf64>
    %101 = stablehlo.sine %10 : tensor<f64>
    %102 = stablehlo.cosine %10 : tensor<f64>
    %103 = stablehlo.broadcast_in_dim %102, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %104 = stablehlo.multiply %11, %103 : tensor<3xf64>
    %cst_13 = stablehlo.constant dense<2.0826983999999999> : tensor<f64>
    %105 = stablehlo.multiply %cst_13, %101 : tensor<f64>
    %cst_14 = stablehlo.constant dense<2.0826983999999999> : tensor<f64>
    %106 = stablehlo.broadcast_in_dim %cst_14, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %107 = stablehlo.multiply %106, %104 : tensor<3xf64>
    %108 = stablehlo.multiply %105, %22 : tensor<f64>
    %109 = stablehlo.broadcast_in_dim %22, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %110 = stablehlo.multiply %107, %109 : tensor<3xf64>
    %111 = stablehlo.broadcast_in_dim %105, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %112 = stablehlo.multiply %111, %23 : tensor<3xf64>
    %113 = stablehlo.add %110, %112 : tensor<3xf64>
    %114 = stablehlo.subtract %95, %108 : tensor<f64>
    %115 = stablehlo.subtract %100, %113 : tensor<3xf64>
    %116 = stablehlo.broadcast_in_dim %38, dims = [] : (tensor<f64>) -> tensor<1xf64>
    %117 = stablehlo.broadcast_in_dim %56, dims = [] : (tensor<f64>) -> tensor<1xf64>
    %118 = stablehlo.broadcast_in_dim %86, dims = [] : (tensor<f64>) -> tensor<1xf64>
    %119 = stablehlo.broadcast_in_dim %114, dims = [] : (tensor<f64>) -> tensor<1xf64>
    %120 = stablehlo.concatenate %116, %117, %118, %119, dim = 0 : (tensor<1xf64>, tensor<1xf64>, tensor<1xf64>, tensor<1xf64>) -> tensor<4xf64>
    %121 = stablehlo.broadcast_in_dim %39, dims = [1] : (tensor<3xf64>) -> tensor<1x3xf64>
    %122 = stablehlo.broadcast_in_dim %57, dims = [1] : (tensor<3xf64>) -> tensor<1x3xf64>
    %123 = stablehlo.broadcast_in_dim %87, dims = [1] : (tensor<3xf64>) -> tensor<1x3xf64>
    %124 = stablehlo.broadcast_in_dim %115, dims = [1] : (tensor<3xf64>) -> tensor<1x3xf64>
    %125 = stablehlo.concatenate %121, %122, %123, %124, dim = 0 : (tensor<1x3xf64>, tensor<1x3xf64>, tensor<1x3xf64>, tensor<1x3xf64>) -> tensor<4x3xf64>
    %126 = stablehlo.slice %120 [0:1] : (tensor<4xf64>) -> tensor<1xf64>
    %127 = stablehlo.slice %125 [0:1, 0:3] : (tensor<4x3xf64>) -> tensor<1x3xf64>
    %128 = stablehlo.reshape %126 : (tensor<1xf64>) -> tensor<f64>
    %129 = stablehlo.transpose %127, dims = [1, 0] : (tensor<1x3xf64>) -> tensor<3x1xf64>
    %130 = stablehlo.reshape %129 : (tensor<3x1xf64>) -> tensor<3xf64>
    %131 = stablehlo.slice %120 [1:2] : (tensor<4xf64>) -> tensor<1xf64>
    %132 = stablehlo.slice %125 [1:2, 0:3] : (tensor<4x3xf64>) -> tensor<1x3xf64>
    %133 = stablehlo.reshape %131 : (tensor<1xf64>) -> tensor<f64>
    %134 = stablehlo.transpose %132, dims = [1, 0] : (tensor<1x3xf64>) -> tensor<3x1xf64>
    %135 = stablehlo.reshape %134 : (tensor<3x1xf64>) -> tensor<3xf64>
    %136 = stablehlo.slice %120 [2:3] : (tensor<4xf64>) -> tensor<1xf64>
    %137 = stablehlo.slice %125 [2:3, 0:3] : (tensor<4x3xf64>) -> tensor<1x3xf64>
    %138 = stablehlo.reshape %136 : (tensor<1xf64>) -> tensor<f64>
    %139 = stablehlo.transpose %137, dims = [1, 0] : (tensor<1x3xf64>) -> tensor<3x1xf64>
    %140 = stablehlo.reshape %139 : (tensor<3x1xf64>) -> tensor<3xf64>
    %141 = stablehlo.slice %120 [3:4] : (tensor<4xf64>) -> tensor<1xf64>
    %142 = stablehlo.slice %125 [3:4, 0:3] : (tensor<4x3xf64>) -> tensor<1x3xf64>
    %143 = stablehlo.reshape %141 : (tensor<1xf64>) -> tensor<f64>
    %144 = stablehlo.transpose %142, dims = [1, 0] : (tensor<1x3xf64>) -> tensor<3x1xf64>
    %145 = stablehlo.reshape %144 : (tensor<3x1xf64>) -> tensor<3xf64>
    %146 = stablehlo.cosine %arg0 : tensor<f64>
    %147 = stablehlo.sine %arg0 : tensor<f64>
    %148 = stablehlo.broadcast_in_dim %147, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %149 = stablehlo.multiply %arg2, %148 : tensor<3xf64>
    %150 = stablehlo.negate %149 : tensor<3xf64>
    %151 = stablehlo.multiply %143, %146 : tensor<f64>
    %152 = stablehlo.broadcast_in_dim %146, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %153 = stablehlo.multiply %145, %152 : tensor<3xf64>
    %154 = stablehlo.broadcast_in_dim %143, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %155 = stablehlo.multiply %154, %150 : tensor<3xf64>
    %156 = stablehlo.add %153, %155 : tensor<3xf64>
    %157 = stablehlo.sine %arg0 : tensor<f64>
    %158 = stablehlo.cosine %arg0 : tensor<f64>
    %159 = stablehlo.broadcast_in_dim %158, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %160 = stablehlo.multiply %arg2, %159 : tensor<3xf64>
    %161 = stablehlo.multiply %138, %157 : tensor<f64>
    %162 = stablehlo.broadcast_in_dim %157, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %163 = stablehlo.multiply %140, %162 : tensor<3xf64>
    %164 = stablehlo.broadcast_in_dim %138, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %165 = stablehlo.multiply %164, %160 : tensor<3xf64>
    %166 = stablehlo.add %163, %165 : tensor<3xf64>
    %167 = stablehlo.subtract %151, %161 : tensor<f64>
    %168 = stablehlo.subtract %156, %166 : tensor<3xf64>
    return %167, %168 : tensor<f64>, tensor<3xf64>
  }
  func.func private @step_7(%arg0: tensor<f64>, %arg1: tensor<6xf64>, %arg2: tensor<f64>, %arg3: tensor<3xf64>, %arg4: tensor<3x6xf64>, %arg5: tensor<3xf64>) -> (tensor<6xf64>, tensor<3x6xf64>) {
    %0:2 = call @"<lambda>_5"(%arg0, %arg1, %arg3, %arg4) : (tensor<f64>, tensor<6xf64>, tensor<3xf64>, tensor<3x6xf64>) -> (tensor<6xf64>, tensor<6x3xf64>)
    %cst = stablehlo.constant dense<5.000000e-01> : tensor<f64>
    %1 = stablehlo.multiply %cst, %arg2 : tensor<f64>
    %cst_0 = stablehlo.constant dense<5.000000e-01> : tensor<f64>
    %2 = stablehlo.broadcast_in_dim %cst_0, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %3 = stablehlo.multiply %2, %arg5 : tensor<3xf64>
    %4 = stablehlo.broadcast_in_dim %1, dims = [] : (tensor<f64>) -> tensor<6xf64>
    %5 = stablehlo.multiply %4, %0#0 : tensor<6xf64>
    %6 = stablehlo.broadcast_in_dim %0#0, dims = [1] : (tensor<6xf64>) -> tensor<1x6xf64>
    %7 = stablehlo.broadcast_in_dim %3, dims = [0] : (tensor<3xf64>) -> tensor<3x1xf64>
    %8 = stablehlo.broadcast_in_dim %7, dims = [0, 1] : (tensor<3x1xf64>) -> tensor<3x6xf64>
    %9 = stablehlo.broadcast_in_dim %6, dims = [0, 1] : (tensor<1x6xf64>) -> tensor<3x6xf64>
    %10 = stablehlo.multiply %8, %9 : tensor<3x6xf64>
    %11 = stablehlo.broadcast_in_dim %1, dims = [] : (tensor<f64>) -> tensor<6x3xf64>
    %12 = stablehlo.multiply %11, %0#1 : tensor<6x3xf64>
    %13 = stablehlo.transpose %10, dims = [1, 0] : (tensor<3x6xf64>) -> tensor<6x3xf64>
    %14 = stablehlo.add %13, %12 : tensor<6x3xf64>
    %15 = stablehlo.add %arg1, %5 : tensor<6xf64>
    %16 = stablehlo.transpose %14, dims = [1, 0] : (tensor<6x3xf64>) -> tensor<3x6xf64>
    %17 = stablehlo.add %arg4, %16 : tensor<3x6xf64>
    %18:2 = call @"<lambda>_5"(%arg0, %15, %arg3, %17) : (tensor<f64>, tensor<6xf64>, tensor<3xf64>, tensor<3x6xf64>) -> (tensor<6xf64>, tensor<6x3xf64>)
    %cst_1 = stablehlo.constant dense<5.000000e-01> : tensor<f64>
    %19 = stablehlo.multiply %cst_1, %arg2 : tensor<f64>
    %cst_2 = stablehlo.constant dense<5.000000e-01> : tensor<f64>
    %20 = stablehlo.broadcast_in_dim %cst_2, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %21 = stablehlo.multiply %20, %arg5 : tensor<3xf64>
    %22 = stablehlo.broadcast_in_dim %19, dims = [] : (tensor<f64>) -> tensor<6xf64>
    %23 = stablehlo.multiply %22, %18#0 : tensor<6xf64>
    %24 = stablehlo.broadcast_in_dim %18#0, dims = [1] : (tensor<6xf64>) -> tensor<1x6xf64>
    %25 = stablehlo.broadcast_in_dim %21, dims = [0] : (tensor<3xf64>) -> tensor<3x1xf64>
    %26 = stablehlo.broadcast_in_dim %25, dims = [0, 1] : (tensor<3x1xf64>) -> tensor<3x6xf64>
    %27 = stablehlo.broadcast_in_dim %24, dims = [0, 1] : (tensor<1x6xf64>) -> tensor<3x6xf64>
    %28 = stablehlo.multiply %26, %27 : tensor<3x6xf64>
    %29 = stablehlo.broadcast_in_dim %19, dims = [] : (tensor<f64>) -> tensor<6x3xf64>
    %30 = stablehlo.multiply %29, %18#1 : tensor<6x3xf64>
    %31 = stablehlo.transpose %28, dims = [1, 0] : (tensor<3x6xf64>) -> tensor<6x3xf64>
    %32 = stablehlo.add %31, %30 : tensor<6x3xf64>
    %33 = stablehlo.add %arg1, %23 : tensor<6xf64>
    %34 = stablehlo.transpose %32, dims = [1, 0] : (tensor<6x3xf64>) -> tensor<3x6xf64>
    %35 = stablehlo.add %arg4, %34 : tensor<3x6xf64>
    %36:2 = call @"<lambda>_5"(%arg0, %33, %arg3, %35) : (tensor<f64>, tensor<6xf64>, tensor<3xf64>, tensor<3x6xf64>) -> (tensor<6xf64>, tensor<6x3xf64>)
    %cst_3 = stablehlo.constant dense<6.000000e+00> : tensor<f64>
    %37 = stablehlo.divide %arg2, %cst_3 : tensor<f64>
    %cst_4 = stablehlo.constant dense<6.000000e+00> : tensor<f64>
    %38 = stablehlo.broadcast_in_dim %cst_4, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %39 = stablehlo.divide %arg5, %38 : tensor<3xf64>
    %40 = stablehlo.add %18#0, %36#0 : tensor<6xf64>
    %41 = stablehlo.add %18#1, %36#1 : tensor<6x3xf64>
    %cst_5 = stablehlo.constant dense<2.000000e+00> : tensor<f64>
    %42 = stablehlo.broadcast_in_dim %cst_5, dims = [] : (tensor<f64>) -> tensor<6xf64>
    %43 = stablehlo.multiply %42, %40 : tensor<6xf64>
    %cst_6 = stablehlo.constant dense<2.000000e+00> : tensor<f64>
    %44 = stablehlo.broadcast_in_dim %cst_6, dims = [] : (tensor<f64>) -> tensor<6x3xf64>
    %45 = stablehlo.multiply %44, %41 : tensor<6x3xf64>
    %46 = stablehlo.add %0#0, %43 : tensor<6xf64>
    %47 = stablehlo.add %0#1, %45 : tensor<6x3xf64>
    %48 = stablehlo.broadcast_in_dim %arg2, dims = [] : (tensor<f64>) -> tensor<6xf64>
    %49 = stablehlo.multiply %48, %36#0 : tensor<6xf64>
    %50 = stablehlo.broadcast_in_dim %36#0, dims = [1] : (tensor<6xf64>) -> tensor<1x6xf64>
    %51 = stablehlo.broadcast_in_dim %arg5, dims = [0] : (tensor<3xf64>) -> tensor<3x1xf64>
    %52 = stablehlo.broadcast_in_dim %51, dims = [0, 1] : (tensor<3x1xf64>) -> tensor<3x6xf64>
    %53 = stablehlo.broadcast_in_dim %50, dims = [0, 1] : (tensor<1x6xf64>) -> tensor<3x6xf64>
    %54 = stablehlo.multiply %52, %53 : tensor<3x6xf64>
    %55 = stablehlo.broadcast_in_dim %arg2, dims = [] : (tensor<f64>) -> tensor<6x3xf64>
    %56 = stablehlo.multiply %55, %36#1 : tensor<6x3xf64>
    %57 = stablehlo.transpose %54, dims = [1, 0] : (tensor<3x6xf64>) -> tensor<6x3xf64>
    %58 = stablehlo.add %57, %56 : tensor<6x3xf64>
    %59 = stablehlo.add %arg1, %49 : tensor<6xf64>
    %60 = stablehlo.transpose %58, dims = [1, 0] : (tensor<6x3xf64>) -> tensor<3x6xf64>
    %61 = stablehlo.add %arg4, %60 : tensor<3x6xf64>
    %62:2 = call @"<lambda>_5"(%arg0, %59, %arg3, %61) : (tensor<f64>, tensor<6xf64>, tensor<3xf64>, tensor<3x6xf64>) -> (tensor<6xf64>, tensor<6x3xf64>)
    %63 = stablehlo.add %46, %62#0 : tensor<6xf64>
    %64 = stablehlo.add %47, %62#1 : tensor<6x3xf64>
    %65 = stablehlo.broadcast_in_dim %37, dims = [] : (tensor<f64>) -> tensor<6xf64>
    %66 = stablehlo.multiply %65, %63 : tensor<6xf64>
    %67 = stablehlo.broadcast_in_dim %63, dims = [1] : (tensor<6xf64>) -> tensor<1x6xf64>
    %68 = stablehlo.broadcast_in_dim %39, dims = [0] : (tensor<3xf64>) -> tensor<3x1xf64>
    %69 = stablehlo.broadcast_in_dim %68, dims = [0, 1] : (tensor<3x1xf64>) -> tensor<3x6xf64>
    %70 = stablehlo.broadcast_in_dim %67, dims = [0, 1] : (tensor<1x6xf64>) -> tensor<3x6xf64>
    %71 = stablehlo.multiply %69, %70 : tensor<3x6xf64>
    %72 = stablehlo.broadcast_in_dim %37, dims = [] : (tensor<f64>) -> tensor<6x3xf64>
    %73 = stablehlo.multiply %72, %64 : tensor<6x3xf64>
    %74 = stablehlo.transpose %71, dims = [1, 0] : (tensor<3x6xf64>) -> tensor<6x3xf64>
    %75 = stablehlo.add %74, %73 : tensor<6x3xf64>
    %76 = stablehlo.add %arg1, %66 : tensor<6xf64>
    %77 = stablehlo.transpose %75, dims = [1, 0] : (tensor<6x3xf64>) -> tensor<3x6xf64>
    %78 = stablehlo.add %arg4, %77 : tensor<3x6xf64>
    return %76, %78 : tensor<6xf64>, tensor<3x6xf64>
  }
  func.func private @"<lambda>_8"(%arg0: tensor<4xf64>, %arg1: tensor<4x3xf64>) -> (tensor<f64>, tensor<3xf64>) {
    %0 = stablehlo.slice %arg0 [1:2] : (tensor<4xf64>) -> tensor<1xf64>
    %1 = stablehlo.slice %arg1 [1:2, 0:3] : (tensor<4x3xf64>) -> tensor<1x3xf64>
    %2 = stablehlo.reshape %0 : (tensor<1xf64>) -> tensor<f64>
    %3 = stablehlo.transpose %1, dims = [1, 0] : (tensor<1x3xf64>) -> tensor<3x1xf64>
    %4 = stablehlo.reshape %3 : (tensor<3x1xf64>) -> tensor<3xf64>
    %cst = stablehlo.constant dense<1.524000e+00> : tensor<f64>
    %5 = stablehlo.add %2, %cst : tensor<f64>
    return %5, %4 : tensor<f64>, tensor<3xf64>
  }
  func.func private @step_9(%arg0: tensor<f64>, %arg1: tensor<4xf64>, %arg2: tensor<f64>, %arg3: tensor<3xf64>, %arg4: tensor<3x4xf64>) -> (tensor<4xf64>, tensor<3x4xf64>) {
    %0:2 = call @flying(%arg0, %arg1, %arg3, %arg4) : (tensor<f64>, tensor<4xf64>, tensor<3xf64>, tensor<3x4xf64>) -> (tensor<4xf64>, tensor<4x3xf64>)
    %cst = stablehlo.constant dense<5.000000e-01> : tensor<f64>
    %1 = stablehlo.multiply %cst, %arg2 : tensor<f64>
    %2 = stablehlo.convert %1 : tensor<f64>
    %3 = stablehlo.broadcast_in_dim %2, dims = [] : (tensor<f64>) -> tensor<4xf64>
    %4 = stablehlo.multiply %3, %0#0 : tensor<4xf64>
    %5 = stablehlo.broadcast_in_dim %2, dims = [] : (tensor<f64>) -> tensor<4x3xf64>
    %6 = stablehlo.multiply %5, %0#1 : tensor<4x3xf64>
    %7 = stablehlo.add %arg1, %4 : tensor<4xf64>
    %8 = stablehlo.transpose %6, dims = [1, 0] : (tensor<4x3xf64>) -> tensor<3x4xf64>
    %9 = stablehlo.add %arg4, %8 : tensor<3x4xf64>
    %10:2 = call @flying(%arg0, %7, %arg3, %9) : (tensor<f64>, tensor<4xf64>, tensor<3xf64>, tensor<3x4xf64>) -> (tensor<4xf64>, tensor<4x3xf64>)
    %cst_0 = stablehlo.constant dense<5.000000e-01> : tensor<f64>
    %11 = stablehlo.multiply %cst_0, %arg2 : tensor<f64>
    %12 = stablehlo.convert %11 : tensor<f64>
    %13 = stablehlo.broadcast_in_dim %12, dims = [] : (tensor<f64>) -> tensor<4xf64>
    %14 = stablehlo.multiply %13, %10#0 : tensor<4xf64>
    %15 = stablehlo.broadcast_in_dim %12, dims = [] : (tensor<f64>) -> tensor<4x3xf64>
    %16 = stablehlo.multiply %15, %10#1 : tensor<4x3xf64>
    %17 = stablehlo.add %arg1, %14 : tensor<4xf64>
    %18 = stablehlo.transpose %16, dims = [1, 0] : (tensor<4x3xf64>) -> tensor<3x4xf64>
    %19 = stablehlo.add %arg4, %18 : tensor<3x4xf64>
    %20:2 = call @flying(%arg0, %17, %arg3, %19) : (tensor<f64>, tensor<4xf64>, tensor<3xf64>, tensor<3x4xf64>) -> (tensor<4xf64>, tensor<4x3xf64>)
    %cst_1 = stablehlo.constant dense<6.000000e+00> : tensor<f64>
    %21 = stablehlo.divide %arg2, %cst_1 : tensor<f64>
    %22 = stablehlo.add %10#0, %20#0 : tensor<4xf64>
    %23 = stablehlo.add %10#1, %20#1 : tensor<4x3xf64>
    %cst_2 = stablehlo.constant dense<2.000000e+00> : tensor<f64>
    %24 = stablehlo.broadcast_in_dim %cst_2, dims = [] : (tensor<f64>) -> tensor<4xf64>
    %25 = stablehlo.multiply %24, %22 : tensor<4xf64>
    %cst_3 = stablehlo.constant dense<2.000000e+00> : tensor<f64>
    %26 = stablehlo.broadcast_in_dim %cst_3, dims = [] : (tensor<f64>) -> tensor<4x3xf64>
    %27 = stablehlo.multiply %26, %23 : tensor<4x3xf64>
    %28 = stablehlo.add %0#0, %25 : tensor<4xf64>
    %29 = stablehlo.add %0#1, %27 : tensor<4x3xf64>
    %30 = stablehlo.convert %arg2 : tensor<f64>
    %31 = stablehlo.broadcast_in_dim %30, dims = [] : (tensor<f64>) -> tensor<4xf64>
    %32 = stablehlo.multiply %31, %20#0 : tensor<4xf64>
    %33 = stablehlo.broadcast_in_dim %30, dims = [] : (tensor<f64>) -> tensor<4x3xf64>
    %34 = stablehlo.multiply %33, %20#1 : tensor<4x3xf64>
    %35 = stablehlo.add %arg1, %32 : tensor<4xf64>
    %36 = stablehlo.transpose %34, dims = [1, 0] : (tensor<4x3xf64>) -> tensor<3x4xf64>
    %37 = stablehlo.add %arg4, %36 : tensor<3x4xf64>
    %38:2 = call @flying(%arg0, %35, %arg3, %37) : (tensor<f64>, tensor<4xf64>, tensor<3xf64>, tensor<3x4xf64>) -> (tensor<4xf64>, tensor<4x3xf64>)
    %39 = stablehlo.add %28, %38#0 : tensor<4xf64>
    %40 = stablehlo.add %29, %38#1 : tensor<4x3xf64>
    %41 = stablehlo.convert %21 : tensor<f64>
    %42 = stablehlo.broadcast_in_dim %41, dims = [] : (tensor<f64>) -> tensor<4xf64>
    %43 = stablehlo.multiply %42, %39 : tensor<4xf64>
    %44 = stablehlo.broadcast_in_dim %41, dims = [] : (tensor<f64>) -> tensor<4x3xf64>
    %45 = stablehlo.multiply %44, %40 : tensor<4x3xf64>
    %46 = stablehlo.add %arg1, %43 : tensor<4xf64>
    %47 = stablehlo.transpose %45, dims = [1, 0] : (tensor<4x3xf64>) -> tensor<3x4xf64>
    %48 = stablehlo.add %arg4, %47 : tensor<3x4xf64>
    return %46, %48 : tensor<4xf64>, tensor<3x4xf64>
  }
  func.func private @flying(%arg0: tensor<f64>, %arg1: tensor<4xf64>, %arg2: tensor<3xf64>, %arg3: tensor<3x4xf64>) -> (tensor<4xf64>, tensor<4x3xf64>) {
    %0 = stablehlo.slice %arg1 [0:1] : (tensor<4xf64>) -> tensor<1xf64>
    %1 = stablehlo.slice %arg3 [0:3, 0:1] : (tensor<3x4xf64>) -> tensor<3x1xf64>
    %2 = stablehlo.reshape %0 : (tensor<1xf64>) -> tensor<f64>
    %3 = stablehlo.reshape %1 : (tensor<3x1xf64>) -> tensor<3xf64>
    %4 = stablehlo.slice %arg1 [1:2] : (tensor<4xf64>) -> tensor<1xf64>
    %5 = stablehlo.slice %arg3 [0:3, 1:2] : (tensor<3x4xf64>) -> tensor<3x1xf64>
    %6 = stablehlo.reshape %4 : (tensor<1xf64>) -> tensor<f64>
    %7 = stablehlo.reshape %5 : (tensor<3x1xf64>) -> tensor<3xf64>
    %8 = stablehlo.slice %arg1 [2:3] : (tensor<4xf64>) -> tensor<1xf64>
    %9 = stablehlo.slice %arg3 [0:3, 2:3] : (tensor<3x4xf64>) -> tensor<3x1xf64>
    %10 = stablehlo.reshape %8 : (tensor<1xf64>) -> tensor<f64>
    %11 = stablehlo.reshape %9 : (tensor<3x1xf64>) -> tensor<3xf64>
    %12 = stablehlo.slice %arg1 [3:4] : (tensor<4xf64>) -> tensor<1xf64>
    %13 = stablehlo.slice %arg3 [0:3, 3:4] : (tensor<3x4xf64>) -> tensor<3x1xf64>
    %14 = stablehlo.reshape %12 : (tensor<1xf64>) -> tensor<f64>
    %15 = stablehlo.reshape %13 : (tensor<3x1xf64>) -> tensor<3xf64>
    %16 = stablehlo.subtract %10, %arg0 : tensor<f64>
    %17 = stablehlo.subtract %11, %arg2 : tensor<3xf64>
    %18 = stablehlo.multiply %16, %16 : tensor<f64>
    %19 = stablehlo.broadcast_in_dim %16, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %20 = stablehlo.multiply %17, %19 : tensor<3xf64>
    %21 = stablehlo.broadcast_in_dim %16, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %22 = stablehlo.multiply %21, %17 : tensor<3xf64>
    %23 = stablehlo.add %20, %22 : tensor<3xf64>
    %24 = stablehlo.multiply %14, %14 : tensor<f64>
    %25 = stablehlo.broadcast_in_dim %14, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %26 = stablehlo.multiply %15, %25 : tensor<3xf64>
    %27 = stablehlo.broadcast_in_dim %14, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %28 = stablehlo.multiply %27, %15 : tensor<3xf64>
    %29 = stablehlo.add %26, %28 : tensor<3xf64>
    %30 = stablehlo.add %18, %24 : tensor<f64>
    %31 = stablehlo.add %23, %29 : tensor<3xf64>
    %32 = stablehlo.sqrt %30 : tensor<f64>
    %cst = stablehlo.constant dense<5.000000e-01> : tensor<f64>
    %33 = stablehlo.divide %cst, %32 : tensor<f64>
    %34 = stablehlo.broadcast_in_dim %33, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %35 = stablehlo.multiply %31, %34 : tensor<3xf64>
    %cst_0 = stablehlo.constant dense<0.015203687028064305> : tensor<f64>
    %36 = stablehlo.multiply %cst_0, %32 : tensor<f64>
    %cst_1 = stablehlo.constant dense<0.015203687028064305> : tensor<f64>
    %37 = stablehlo.broadcast_in_dim %cst_1, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %38 = stablehlo.multiply %37, %35 : tensor<3xf64>
    %39 = stablehlo.negate %36 : tensor<f64>
    %40 = stablehlo.negate %38 : tensor<3xf64>
    %41 = stablehlo.multiply %39, %16 : tensor<f64>
    %42 = stablehlo.broadcast_in_dim %16, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %43 = stablehlo.multiply %40, %42 : tensor<3xf64>
    %44 = stablehlo.broadcast_in_dim %39, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %45 = stablehlo.multiply %44, %17 : tensor<3xf64>
    %46 = stablehlo.add %43, %45 : tensor<3xf64>
    %47 = stablehlo.multiply %36, %14 : tensor<f64>
    %48 = stablehlo.broadcast_in_dim %14, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %49 = stablehlo.multiply %38, %48 : tensor<3xf64>
    %50 = stablehlo.broadcast_in_dim %36, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %51 = stablehlo.multiply %50, %15 : tensor<3xf64>
    %52 = stablehlo.add %49, %51 : tensor<3xf64>
    %cst_2 = stablehlo.constant dense<-9.8066499999999994> : tensor<f64>
    %53 = stablehlo.subtract %cst_2, %47 : tensor<f64>
    %54 = stablehlo.negate %52 : tensor<3xf64>
    %55 = stablehlo.broadcast_in_dim %10, dims = [] : (tensor<f64>) -> tensor<1xf64>
    %56 = stablehlo.broadcast_in_dim %14, dims = [] : (tensor<f64>) -> tensor<1xf64>
    %57 = stablehlo.broadcast_in_dim %41, dims = [] : (tensor<f64>) -> tensor<1xf64>
    %58 = stablehlo.broadcast_in_dim %53, dims = [] : (tensor<f64>) -> tensor<1xf64>
    %59 = stablehlo.concatenate %55, %56, %57, %58, dim = 0 : (tensor<1xf64>, tensor<1xf64>, tensor<1xf64>, tensor<1xf64>) -> tensor<4xf64>
    %60 = stablehlo.broadcast_in_dim %11, dims = [1] : (tensor<3xf64>) -> tensor<1x3xf64>
    %61 = stablehlo.broadcast_in_dim %15, dims = [1] : (tensor<3xf64>) -> tensor<1x3xf64>
    %62 = stablehlo.broadcast_in_dim %46, dims = [1] : (tensor<3xf64>) -> tensor<1x3xf64>
    %63 = stablehlo.broadcast_in_dim %54, dims = [1] : (tensor<3xf64>) -> tensor<1x3xf64>
    %64 = stablehlo.concatenate %60, %61, %62, %63, dim = 0 : (tensor<1x3xf64>, tensor<1x3xf64>, tensor<1x3xf64>, tensor<1x3xf64>) -> tensor<4x3xf64>
    return %59, %64 : tensor<4xf64>, tensor<4x3xf64>
  }
  func.func private @"<lambda>_10"(%arg0: tensor<4xf64>, %arg1: tensor<3x4xf64>) -> (tensor<f64>, tensor<3xf64>) {
    %0 = stablehlo.slice %arg0 [1:2] : (tensor<4xf64>) -> tensor<1xf64>
    %1 = stablehlo.slice %arg1 [0:3, 1:2] : (tensor<3x4xf64>) -> tensor<3x1xf64>
    %2 = stablehlo.reshape %0 : (tensor<1xf64>) -> tensor<f64>
    %3 = stablehlo.reshape %1 : (tensor<3x1xf64>) -> tensor<3xf64>
    %cst = stablehlo.constant dense<1.524000e+00> : tensor<f64>
    %4 = stablehlo.add %2, %cst : tensor<f64>
    return %4, %3 : tensor<f64>, tensor<3xf64>
  }
  func.func private @step_11(%arg0: tensor<f64>, %arg1: tensor<4xf64>, %arg2: tensor<f64>, %arg3: tensor<3xf64>, %arg4: tensor<3x4xf64>, %arg5: tensor<3xf64>) -> (tensor<4xf64>, tensor<3x4xf64>) {
    %0:2 = call @flying(%arg0, %arg1, %arg3, %arg4) : (tensor<f64>, tensor<4xf64>, tensor<3xf64>, tensor<3x4xf64>) -> (tensor<4xf64>, tensor<4x3xf64>)
    %cst = stablehlo.constant dense<5.000000e-01> : tensor<f64>
    %1 = stablehlo.multiply %cst, %arg2 : tensor<f64>
    %cst_0 = stablehlo.constant dense<5.000000e-01> : tensor<f64>
    %2 = stablehlo.broadcast_in_dim %cst_0, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %3 = stablehlo.multiply %2, %arg5 : tensor<3xf64>
    %4 = stablehlo.broadcast_in_dim %1, dims = [] : (tensor<f64>) -> tensor<4xf64>
    %5 = stablehlo.multiply %4, %0#0 : tensor<4xf64>
    %6 = stablehlo.broadcast_in_dim %0#0, dims = [1] : (tensor<4xf64>) -> tensor<1x4xf64>
    %7 = stablehlo.broadcast_in_dim %3, dims = [0] : (tensor<3xf64>) -> tensor<3x1xf64>
    %8 = stablehlo.broadcast_in_dim %7, dims = [0, 1] : (tensor<3x1xf64>) -> tensor<3x4xf64>
    %9 = stablehlo.broadcast_in_dim %6, dims = [0, 1] : (tensor<1x4xf64>) -> tensor<3x4xf64>
    %10 = stablehlo.multiply %8, %9 : tensor<3x4xf64>
    %11 = stablehlo.broadcast_in_dim %1, dims = [] : (tensor<f64>) -> tensor<4x3xf64>
    %12 = stablehlo.multiply %11, %0#1 : tensor<4x3xf64>
    %13 = stablehlo.transpose %10, dims = [1, 0] : (tensor<3x4xf64>) -> tensor<4x3xf64>
    %14 = stablehlo.add %13, %12 : tensor<4x3xf64>
    %15 = stablehlo.add %arg1, %5 : tensor<4xf64>
    %16 = stablehlo.transpose %14, dims = [1, 0] : (tensor<4x3xf64>) -> tensor<3x4xf64>
    %17 = stablehlo.add %arg4, %16 : tensor<3x4xf64>
    %18:2 = call @flying(%arg0, %15, %arg3, %17) : (tensor<f64>, tensor<4xf64>, tensor<3xf64>, tensor<3x4xf64>) -> (tensor<4xf64>, tensor<4x3xf64>)
    %cst_1 = stablehlo.constant dense<5.000000e-01> : tensor<f64>
    %19 = stablehlo.multiply %cst_1, %arg2 : tensor<f64>
    %cst_2 = stablehlo.constant dense<5.000000e-01> : tensor<f64>
    %20 = stablehlo.broadcast_in_dim %cst_2, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %21 = stablehlo.multiply %20, %arg5 : tensor<3xf64>
    %22 = stablehlo.broadcast_in_dim %19, dims = [] : (tensor<f64>) -> tensor<4xf64>
    %23 = stablehlo.multiply %22, %18#0 : tensor<4xf64>
    %24 = stablehlo.broadcast_in_dim %18#0, dims = [1] : (tensor<4xf64>) -> tensor<1x4xf64>
    %25 = stablehlo.broadcast_in_dim %21, dims = [0] : (tensor<3xf64>) -> tensor<3x1xf64>
    %26 = stablehlo.broadcast_in_dim %25, dims = [0, 1] : (tensor<3x1xf64>) -> tensor<3x4xf64>
    %27 = stablehlo.broadcast_in_dim %24, dims = [0, 1] : (tensor<1x4xf64>) -> tensor<3x4xf64>
    %28 = stablehlo.multiply %26, %27 : tensor<3x4xf64>
    %29 = stablehlo.broadcast_in_dim %19, dims = [] : (tensor<f64>) -> tensor<4x3xf64>
    %30 = stablehlo.multiply %29, %18#1 : tensor<4x3xf64>
    %31 = stablehlo.transpose %28, dims = [1, 0] : (tensor<3x4xf64>) -> tensor<4x3xf64>
    %32 = stablehlo.add %31, %30 : tensor<4x3xf64>
    %33 = stablehlo.add %arg1, %23 : tensor<4xf64>
    %34 = stablehlo.transpose %32, dims = [1, 0] : (tensor<4x3xf64>) -> tensor<3x4xf64>
    %35 = stablehlo.add %arg4, %34 : tensor<3x4xf64>
    %36:2 = call @flying(%arg0, %33, %arg3, %35) : (tensor<f64>, tensor<4xf64>, tensor<3xf64>, tensor<3x4xf64>) -> (tensor<4xf64>, tensor<4x3xf64>)
    %cst_3 = stablehlo.constant dense<6.000000e+00> : tensor<f64>
    %37 = stablehlo.divide %arg2, %cst_3 : tensor<f64>
    %cst_4 = stablehlo.constant dense<6.000000e+00> : tensor<f64>
    %38 = stablehlo.broadcast_in_dim %cst_4, dims = [] : (tensor<f64>) -> tensor<3xf64>
    %39 = stablehlo.divide %arg5, %38 : tensor<3xf64>
    %40 = stablehlo.add %18#0, %36#0 : tensor<4xf64>
    %41 = stablehlo.add %18#1, %36#1 : tensor<4x3xf64>
    %cst_5 = stablehlo.constant dense<2.000000e+00> : tensor<f64>
    %42 = stablehlo.broadcast_in_dim %cst_5, dims = [] : (tensor<f64>) -> tensor<4xf64>
    %43 = stablehlo.multiply %42, %40 : tensor<4xf64>
    %cst_6 = stablehlo.constant dense<2.000000e+00> : tensor<f64>
    %44 = stablehlo.broadcast_in_dim %cst_6, dims = [] : (tensor<f64>) -> tensor<4x3xf64>
    %45 = stablehlo.multiply %44, %41 : tensor<4x3xf64>
    %46 = stablehlo.add %0#0, %43 : tensor<4xf64>
    %47 = stablehlo.add %0#1, %45 : tensor<4x3xf64>
    %48 = stablehlo.broadcast_in_dim %arg2, dims = [] : (tensor<f64>) -> tensor<4xf64>
    %49 = stablehlo.multiply %48, %36#0 : tensor<4xf64>
    %50 = stablehlo.broadcast_in_dim %36#0, dims = [1] : (tensor<4xf64>) -> tensor<1x4xf64>
    %51 = stablehlo.broadcast_in_dim %arg5, dims = [0] : (tensor<3xf64>) -> tensor<3x1xf64>
    %52 = stablehlo.broadcast_in_dim %51, dims = [0, 1] : (tensor<3x1xf64>) -> tensor<3x4xf64>
    %53 = stablehlo.broadcast_in_dim %50, dims = [0, 1] : (tensor<1x4xf64>) -> tensor<3x4xf64>
    %54 = stablehlo.multiply %52, %53 : tensor<3x4xf64>
    %55 = stablehlo.broadcast_in_dim %arg2, dims = [] : (tensor<f64>) -> tensor<4x3xf64>
    %56 = stablehlo.multiply %55, %36#1 : tensor<4x3xf64>
    %57 = stablehlo.transpose %54, dims = [1, 0] : (tensor<3x4xf64>) -> tensor<4x3xf64>
    %58 = stablehlo.add %57, %56 : tensor<4x3xf64>
    %59 = stablehlo.add %arg1, %49 : tensor<4xf64>
    %60 = stablehlo.transpose %58, dims = [1, 0] : (tensor<4x3xf64>) -> tensor<3x4xf64>
    %61 = stablehlo.add %arg4, %60 : tensor<3x4xf64>
    %62:2 = call @flying(%arg0, %59, %arg3, %61) : (tensor<f64>, tensor<4xf64>, tensor<3xf64>, tensor<3x4xf64>) -> (tensor<4xf64>, tensor<4x3xf64>)
    %63 = stablehlo.add %46, %62#0 : tensor<4xf64>
    %64 = stablehlo.add %47, %62#1 : tensor<4x3xf64>
    %65 = stablehlo.broadcast_in_dim %37, dims = [] : (tensor<f64>) -> tensor<4xf64>
    %66 = stablehlo.multiply %65, %63 : tensor<4xf64>
    %67 = stablehlo.broadcast_in_dim %63, dims = [1] : (tensor<4xf64>) -> tensor<1x4xf64>
    %68 = stablehlo.broadcast_in_dim %39, dims = [0] : (tensor<3xf64>) -> tensor<3x1xf64>
    %69 = stablehlo.broadcast_in_dim %68, dims = [0, 1] : (tensor<3x1xf64>) -> tensor<3x4xf64>
    %70 = stablehlo.broadcast_in_dim %67, dims = [0, 1] : (tensor<1x4xf64>) -> tensor<3x4xf64>
    %71 = stablehlo.multiply %69, %70 : tensor<3x4xf64>
    %72 = stablehlo.broadcast_in_dim %37, dims = [] : (tensor<f64>) -> tensor<4x3xf64>
    %73 = stablehlo.multiply %72, %64 : tensor<4x3xf64>
    %74 = stablehlo.transpose %71, dims = [1, 0] : (tensor<3x4xf64>) -> tensor<4x3xf64>
    %75 = stablehlo.add %74, %73 : tensor<4x3xf64>
    %76 = stablehlo.add %arg1, %66 : tensor<4xf64>
    %77 = stablehlo.transpose %75, dims = [1, 0] : (tensor<4x3xf64>) -> tensor<3x4xf64>
    %78 = stablehlo.add %arg4, %77 : tensor<3x4xf64>
    return %76, %78 : tensor<4xf64>, tensor<3x4xf64>
  }
  func.func private @"<lambda>_12"(%arg0: tensor<4xf64>, %arg1: tensor<3x4xf64>) -> (tensor<f64>, tensor<3xf64>) {
    %0 = stablehlo.slice %arg0 [1:2] : (tensor<4xf64>) -> tensor<1xf64>
    %1 = stablehlo.slice %arg1 [0:3, 1:2] : (tensor<3x4xf64>) -> tensor<3x1xf64>
    %2 = stablehlo.reshape %0 : (tensor<1xf64>) -> tensor<f64>
    %3 = stablehlo.reshape %1 : (tensor<3x1xf64>) -> tensor<3xf64>
    %cst = stablehlo.constant dense<1.524000e+00> : tensor<f64>
    %4 = stablehlo.add %2, %cst : tensor<f64>
    return %4, %3 : tensor<f64>, tensor<3xf64>
  }
}
