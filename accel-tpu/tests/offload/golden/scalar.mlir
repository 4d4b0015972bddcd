module @cotangent {
  func.func public @main(%0: tensor<f64>, %1: tensor<i64>) -> (tensor<f64>) {
    %2 = "stablehlo.sine"(%0) : (tensor<f64>) -> tensor<f64> loc("energy.rs":2:9)
    %3 = "stablehlo.convert"(%1) : (tensor<i64>) -> tensor<f64> loc("energy.rs":3:9)
    %4 = "stablehlo.multiply"(%0, %3) : (tensor<f64>, tensor<f64>) -> tensor<f64> loc("energy.rs":3:11)
    %5 = "stablehlo.add"(%2, %4) : (tensor<f64>, tensor<f64>) -> tensor<f64> loc("energy.rs":3:15)
    "func.return"(%5) : (tensor<f64>) -> ()
  }
}
