module @cotangent {
  func.func public @main(%0: tensor<3xf64>, %1: tensor<3xi32>) -> (tensor<3xf64>, tensor<3xi32>) {
    %7, %8 = "stablehlo.sort"(%0, %1) <{dimension = 0 : i64, is_stable = true}> ({
    ^bb0(%2: tensor<f64>, %3: tensor<f64>, %4: tensor<i32>, %5: tensor<i32>):
      %6 = "stablehlo.compare"(%2, %3) <{comparison_direction = #stablehlo<comparison_direction LT>, compare_type = #stablehlo<comparison_type TOTALORDER>}> : (tensor<f64>, tensor<f64>) -> tensor<i1>
      "stablehlo.return"(%6) : (tensor<i1>) -> ()
    }) : (tensor<3xf64>, tensor<3xi32>) -> (tensor<3xf64>, tensor<3xi32>)
    "func.return"(%7, %8) : (tensor<3xf64>, tensor<3xi32>) -> ()
  }
}
