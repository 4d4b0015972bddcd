module @cotangent {
  func.func public @main(%0: tensor<3xf64>) -> (tensor<f64>, tensor<3xf64>) {
    %1 = "stablehlo.constant"() <{value = dense<0.0e0> : tensor<f64>}> : () -> tensor<f64>
    %2 = "stablehlo.constant"() <{value = dense<0.0e0> : tensor<0xf64>}> : () -> tensor<0xf64>
    %5 = "stablehlo.constant"() <{value = dense<0.0e0> : tensor<3xf64>}> : () -> tensor<3xf64>
    %4 = "stablehlo.multiply"(%0, %0) : (tensor<3xf64>, tensor<3xf64>) -> tensor<3xf64>
    %6 = "stablehlo.add"(%5, %4) : (tensor<3xf64>, tensor<3xf64>) -> tensor<3xf64>
    %10 = "stablehlo.reduce"(%6, %1) <{dimensions = array<i64: 0>}> ({
    ^bb0(%7: tensor<f64>, %8: tensor<f64>):
      %9 = "stablehlo.add"(%7, %8) : (tensor<f64>, tensor<f64>) -> tensor<f64>
      "stablehlo.return"(%9) : (tensor<f64>) -> ()
    }) : (tensor<3xf64>, tensor<f64>) -> tensor<f64>
    %11 = "stablehlo.add"(%1, %10) : (tensor<f64>, tensor<f64>) -> tensor<f64>
    %12 = "stablehlo.concatenate"(%2, %4) <{dimension = 0 : i64}> : (tensor<0xf64>, tensor<3xf64>) -> tensor<3xf64>
    "func.return"(%11, %12) : (tensor<f64>, tensor<3xf64>) -> ()
  }
}
