module @cotangent {
  func.func public @main(%0: tensor<3xf64>) -> (tensor<f64>) {
    %1 = "stablehlo.constant"() <{value = dense<0.0e0> : tensor<f64>}> : () -> tensor<f64>
    %2 = "stablehlo.multiply"(%0, %0) : (tensor<3xf64>, tensor<3xf64>) -> tensor<3xf64>
    %6 = "stablehlo.reduce"(%2, %1) <{dimensions = array<i64: 0>}> ({
    ^bb0(%3: tensor<f64>, %4: tensor<f64>):
      %5 = "stablehlo.add"(%3, %4) : (tensor<f64>, tensor<f64>) -> tensor<f64>
      "stablehlo.return"(%5) : (tensor<f64>) -> ()
    }) : (tensor<3xf64>, tensor<f64>) -> tensor<f64>
    %7 = "stablehlo.add"(%1, %6) : (tensor<f64>, tensor<f64>) -> tensor<f64>
    "func.return"(%7) : (tensor<f64>) -> ()
  }
}
