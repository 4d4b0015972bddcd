module @cotangent {
  func.func public @main(%0: tensor<3xf64>) -> (tensor<f64>) {
    %1 = "stablehlo.constant"() <{value = dense<0.0e0> : tensor<f64>}> : () -> tensor<f64>
    %4 = "stablehlo.constant"() <{value = dense<0.0e0> : tensor<3xf64>}> : () -> tensor<3xf64>
    %3 = "stablehlo.multiply"(%0, %0) : (tensor<3xf64>, tensor<3xf64>) -> tensor<3xf64>
    %5 = "stablehlo.add"(%4, %3) : (tensor<3xf64>, tensor<3xf64>) -> tensor<3xf64>
    %9 = "stablehlo.reduce"(%5, %1) <{dimensions = array<i64: 0>}> ({
    ^bb0(%6: tensor<f64>, %7: tensor<f64>):
      %8 = "stablehlo.add"(%6, %7) : (tensor<f64>, tensor<f64>) -> tensor<f64>
      "stablehlo.return"(%8) : (tensor<f64>) -> ()
    }) : (tensor<3xf64>, tensor<f64>) -> tensor<f64>
    %10 = "stablehlo.add"(%1, %9) : (tensor<f64>, tensor<f64>) -> tensor<f64>
    "func.return"(%10) : (tensor<f64>) -> ()
  }
}
