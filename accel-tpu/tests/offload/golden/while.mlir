module @cotangent {
  func.func public @main(%0: tensor<f64>) -> (tensor<f64>) {
    %1 = "stablehlo.constant"() <{value = dense<1.0e0> : tensor<f64>}> : () -> tensor<f64>
    %2 = "stablehlo.constant"() <{value = dense<5.0e-1> : tensor<f64>}> : () -> tensor<f64>
    %3 = "stablehlo.constant"() <{value = dense<1.0e-12> : tensor<f64>}> : () -> tensor<f64>
    %13 = "stablehlo.while"(%1) ({
    ^bb0(%8: tensor<f64>):
      %9 = "stablehlo.multiply"(%8, %8) : (tensor<f64>, tensor<f64>) -> tensor<f64>
      %10 = "stablehlo.subtract"(%9, %0) : (tensor<f64>, tensor<f64>) -> tensor<f64>
      %11 = "stablehlo.abs"(%10) : (tensor<f64>) -> tensor<f64>
      %12 = "stablehlo.compare"(%11, %3) <{comparison_direction = #stablehlo<comparison_direction GT>, compare_type = #stablehlo<comparison_type FLOAT>}> : (tensor<f64>, tensor<f64>) -> tensor<i1>
      "stablehlo.return"(%12) : (tensor<i1>) -> ()
    }, {
    ^bb0(%4: tensor<f64>):
      %5 = "stablehlo.divide"(%0, %4) : (tensor<f64>, tensor<f64>) -> tensor<f64>
      %6 = "stablehlo.add"(%4, %5) : (tensor<f64>, tensor<f64>) -> tensor<f64>
      %7 = "stablehlo.multiply"(%6, %2) : (tensor<f64>, tensor<f64>) -> tensor<f64>
      "stablehlo.return"(%7) : (tensor<f64>) -> ()
    }) : (tensor<f64>) -> tensor<f64>
    "func.return"(%13) : (tensor<f64>) -> ()
  }
}
