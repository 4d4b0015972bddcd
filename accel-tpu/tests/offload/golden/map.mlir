module @cotangent {
  func.func public @main(%0: tensor<2xf64>, %1: tensor<f64>) -> (tensor<2xf64>) {
    %2 = "stablehlo.multiply"(%0, %0) : (tensor<2xf64>, tensor<2xf64>) -> tensor<2xf64>
    %3 = "stablehlo.broadcast_in_dim"(%1) <{broadcast_dimensions = array<i64>}> : (tensor<f64>) -> tensor<2xf64>
    %4 = "stablehlo.multiply"(%2, %3) : (tensor<2xf64>, tensor<2xf64>) -> tensor<2xf64>
    "func.return"(%4) : (tensor<2xf64>) -> ()
  }
}
