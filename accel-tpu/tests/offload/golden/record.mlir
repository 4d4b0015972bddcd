module @cotangent {
  func.func public @main(%0: tensor<f64>, %1: tensor<2xf64>, %2: tensor<2xf64>, %3: tensor<2xi64>, %4: tensor<ui64>) -> (tensor<f64>, tensor<2xf64>) {
    %7 = "stablehlo.constant"() <{value = dense<1> : tensor<i64>}> : () -> tensor<i64>
    %8 = "stablehlo.constant"() <{value = dense<0> : tensor<i64>}> : () -> tensor<i64>
    %9 = "stablehlo.dynamic_slice"(%2, %7) <{slice_sizes = array<i64: 1>}> : (tensor<2xf64>, tensor<i64>) -> tensor<1xf64>
    %10 = "stablehlo.reshape"(%9) : (tensor<1xf64>) -> tensor<f64>
    %11 = "stablehlo.dynamic_slice"(%3, %7) <{slice_sizes = array<i64: 1>}> : (tensor<2xi64>, tensor<i64>) -> tensor<1xi64>
    %12 = "stablehlo.reshape"(%11) : (tensor<1xi64>) -> tensor<i64>
    %13 = "stablehlo.convert"(%12) : (tensor<i64>) -> tensor<f64>
    %14 = "stablehlo.add"(%10, %13) : (tensor<f64>, tensor<f64>) -> tensor<f64>
    %16 = "stablehlo.dynamic_slice"(%1, %8) <{slice_sizes = array<i64: 1>}> : (tensor<2xf64>, tensor<i64>) -> tensor<1xf64>
    %17 = "stablehlo.reshape"(%16) : (tensor<1xf64>) -> tensor<f64>
    %18 = "stablehlo.add"(%17, %10) : (tensor<f64>, tensor<f64>) -> tensor<f64>
    %19 = "stablehlo.reshape"(%18) : (tensor<f64>) -> tensor<1xf64>
    %20 = "stablehlo.dynamic_update_slice"(%1, %19, %8) : (tensor<2xf64>, tensor<1xf64>, tensor<i64>) -> tensor<2xf64>
    "func.return"(%14, %20) : (tensor<f64>, tensor<2xf64>) -> ()
  }
}
