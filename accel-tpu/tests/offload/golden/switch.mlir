module @cotangent {
  func.func public @main(%0: tensor<ui64>, %1: tensor<f64>) -> (tensor<f64>) {
    %4 = "stablehlo.constant"() <{value = dense<127> : tensor<ui64>}> : () -> tensor<ui64>
    %5 = "stablehlo.constant"() <{value = dense<0> : tensor<ui64>}> : () -> tensor<ui64>
    %6 = "stablehlo.compare"(%0, %5) <{comparison_direction = #stablehlo<comparison_direction LT>, compare_type = #stablehlo<comparison_type UNSIGNED>}> : (tensor<ui64>, tensor<ui64>) -> tensor<i1>
    %7 = "stablehlo.compare"(%0, %4) <{comparison_direction = #stablehlo<comparison_direction GT>, compare_type = #stablehlo<comparison_type UNSIGNED>}> : (tensor<ui64>, tensor<ui64>) -> tensor<i1>
    %8 = "stablehlo.or"(%6, %7) : (tensor<i1>, tensor<i1>) -> tensor<i1>
    %9 = "stablehlo.select"(%8, %4, %0) : (tensor<i1>, tensor<ui64>, tensor<ui64>) -> tensor<ui64>
    %10 = "stablehlo.convert"(%9) : (tensor<ui64>) -> tensor<i32>
    %11 = "stablehlo.case"(%10) ({
      "stablehlo.return"(%1) : (tensor<f64>) -> ()
    }, {
      %2 = "stablehlo.multiply"(%1, %1) : (tensor<f64>, tensor<f64>) -> tensor<f64>
      "stablehlo.return"(%2) : (tensor<f64>) -> ()
    }, {
      %3 = "stablehlo.negate"(%1) : (tensor<f64>) -> tensor<f64>
      "stablehlo.return"(%3) : (tensor<f64>) -> ()
    }) : (tensor<i32>) -> tensor<f64>
    "func.return"(%11) : (tensor<f64>) -> ()
  }
}
