module @cotangent {
  func.func public @main(%0: tensor<3xf64>) -> (tensor<f64>, tensor<3xf64>) {
    %1 = "stablehlo.constant"() <{value = dense<0.0e0> : tensor<f64>}> : () -> tensor<f64>
    %2 = "stablehlo.constant"() <{value = dense<0> : tensor<ui64>}> : () -> tensor<ui64>
    %4 = "stablehlo.constant"() <{value = dense<3> : tensor<ui64>}> : () -> tensor<ui64>
    %18 = "stablehlo.constant"() <{value = dense<1> : tensor<ui64>}> : () -> tensor<ui64>
    %57 = "stablehlo.constant"() <{value = dense<0.0e0> : tensor<3xf64>}> : () -> tensor<3xf64>
    %58, %59, %60, %61 = "stablehlo.while"(%2, %1, %57, %2) ({
    ^bb0(%52: tensor<ui64>, %53: tensor<f64>, %54: tensor<3xf64>, %55: tensor<ui64>):
      %56 = "stablehlo.compare"(%52, %4) <{comparison_direction = #stablehlo<comparison_direction LT>, compare_type = #stablehlo<comparison_type UNSIGNED>}> : (tensor<ui64>, tensor<ui64>) -> tensor<i1>
      "stablehlo.return"(%56) : (tensor<i1>) -> ()
    }, {
    ^bb0(%35: tensor<ui64>, %36: tensor<f64>, %37: tensor<3xf64>, %38: tensor<ui64>):
      %39 = "stablehlo.convert"(%35) : (tensor<ui64>) -> tensor<i64>
      %40 = "stablehlo.dynamic_slice"(%0, %39) <{slice_sizes = array<i64: 1>}> : (tensor<3xf64>, tensor<i64>) -> tensor<1xf64>
      %41 = "stablehlo.reshape"(%40) : (tensor<1xf64>) -> tensor<f64>
      %42 = "stablehlo.multiply"(%36, %41) : (tensor<f64>, tensor<f64>) -> tensor<f64>
      %43 = "stablehlo.multiply"(%42, %36) : (tensor<f64>, tensor<f64>) -> tensor<f64>
      %44 = "stablehlo.add"(%42, %41) : (tensor<f64>, tensor<f64>) -> tensor<f64>
      %45 = "stablehlo.compare"(%43, %41) <{comparison_direction = #stablehlo<comparison_direction GT>, compare_type = #stablehlo<comparison_type FLOAT>}> : (tensor<f64>, tensor<f64>) -> tensor<i1>
      %46 = "stablehlo.select"(%45, %43, %44) : (tensor<i1>, tensor<f64>, tensor<f64>) -> tensor<f64>
      %47 = "stablehlo.convert"(%38) : (tensor<ui64>) -> tensor<i64>
      %48 = "stablehlo.reshape"(%46) : (tensor<f64>) -> tensor<1xf64>
      %49 = "stablehlo.dynamic_update_slice"(%37, %48, %47) : (tensor<3xf64>, tensor<1xf64>, tensor<i64>) -> tensor<3xf64>
      %50 = "stablehlo.add"(%38, %18) : (tensor<ui64>, tensor<ui64>) -> tensor<ui64>
      %51 = "stablehlo.add"(%35, %18) : (tensor<ui64>, tensor<ui64>) -> tensor<ui64>
      "stablehlo.return"(%51, %46, %49, %50) : (tensor<ui64>, tensor<f64>, tensor<3xf64>, tensor<ui64>) -> ()
    }) : (tensor<ui64>, tensor<f64>, tensor<3xf64>, tensor<ui64>) -> (tensor<ui64>, tensor<f64>, tensor<3xf64>, tensor<ui64>)
    "func.return"(%59, %60) : (tensor<f64>, tensor<3xf64>) -> ()
  }
}
