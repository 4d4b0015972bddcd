module @cotangent {
  func.func public @main(%0: tensor<3xf64>) -> (tensor<f64>, tensor<3xf64>) {
    %1 = "stablehlo.constant"() <{value = dense<0.0e0> : tensor<f64>}> : () -> tensor<f64>
    %2 = "stablehlo.constant"() <{value = dense<0.0e0> : tensor<0xf64>}> : () -> tensor<0xf64>
    %3 = "stablehlo.multiply"(%0, %0) : (tensor<3xf64>, tensor<3xf64>) -> tensor<3xf64>
    %7 = "stablehlo.reduce"(%3, %1) <{dimensions = array<i64: 0>}> ({
    ^bb0(%4: tensor<f64>, %5: tensor<f64>):
      %6 = "stablehlo.add"(%4, %5) : (tensor<f64>, tensor<f64>) -> tensor<f64>
      "stablehlo.return"(%6) : (tensor<f64>) -> ()
    }) : (tensor<3xf64>, tensor<f64>) -> tensor<f64>
    %8 = "stablehlo.add"(%1, %7) : (tensor<f64>, tensor<f64>) -> tensor<f64>
    %9 = "stablehlo.concatenate"(%2, %3) <{dimension = 0 : i64}> : (tensor<0xf64>, tensor<3xf64>) -> tensor<3xf64>
    "func.return"(%8, %9) : (tensor<f64>, tensor<3xf64>) -> ()
  }
}
