module @cotangent {
  func.func public @main(%0: tensor<f64>) -> (tensor<f64>) {
    %1 = "stablehlo.constant"() <{value = dense<1.0e0> : tensor<f64>}> : () -> tensor<f64>
    %2 = "stablehlo.constant"() <{value = dense<1.0e-12> : tensor<f64>}> : () -> tensor<f64>
    %3 = "stablehlo.constant"() <{value = dense<8> : tensor<ui64>}> : () -> tensor<ui64>
    %4 = "stablehlo.constant"() <{value = dense<5.0e-1> : tensor<f64>}> : () -> tensor<f64>
    %5 = "stablehlo.constant"() <{value = dense<1> : tensor<ui64>}> : () -> tensor<ui64>
    %6 = "stablehlo.constant"() <{value = dense<0> : tensor<ui64>}> : () -> tensor<ui64>
    %7 = "stablehlo.constant"() <{value = dense<2> : tensor<ui64>}> : () -> tensor<ui64>
    %8 = "stablehlo.constant"() <{value = dense<4> : tensor<ui64>}> : () -> tensor<ui64>
    %52 = "stablehlo.constant"() <{value = dense<0.0e0> : tensor<f64>}> : () -> tensor<f64>
    %184 = "stablehlo.constant"() <{value = dense<0> : tensor<4xui64>}> : () -> tensor<4xui64>
    %185 = "stablehlo.constant"() <{value = dense<0.0e0> : tensor<4xf64>}> : () -> tensor<4xf64>
    %186, %187, %188, %189, %190, %191 = "stablehlo.while"(%1, %6, %184, %185, %6, %5) ({
    ^bb0(%174: tensor<f64>, %175: tensor<ui64>, %176: tensor<4xui64>, %177: tensor<4xf64>, %178: tensor<ui64>, %179: tensor<ui64>):
      %180 = "stablehlo.multiply"(%174, %174) : (tensor<f64>, tensor<f64>) -> tensor<f64>
      %181 = "stablehlo.subtract"(%180, %0) : (tensor<f64>, tensor<f64>) -> tensor<f64>
      %182 = "stablehlo.abs"(%181) : (tensor<f64>) -> tensor<f64>
      %183 = "stablehlo.compare"(%182, %2) <{comparison_direction = #stablehlo<comparison_direction GT>, compare_type = #stablehlo<comparison_type FLOAT>}> : (tensor<f64>, tensor<f64>) -> tensor<i1>
      "stablehlo.return"(%183) : (tensor<i1>) -> ()
    }, {
    ^bb0(%86: tensor<f64>, %87: tensor<ui64>, %88: tensor<4xui64>, %89: tensor<4xf64>, %90: tensor<ui64>, %91: tensor<ui64>):
      %92 = "stablehlo.remainder"(%87, %91) : (tensor<ui64>, tensor<ui64>) -> tensor<ui64>
      %93 = "stablehlo.compare"(%92, %6) <{comparison_direction = #stablehlo<comparison_direction EQ>, compare_type = #stablehlo<comparison_type UNSIGNED>}> : (tensor<ui64>, tensor<ui64>) -> tensor<i1>
      %166, %167, %168, %169 = "stablehlo.if"(%93) ({
        %94 = "stablehlo.compare"(%90, %8) <{comparison_direction = #stablehlo<comparison_direction GE>, compare_type = #stablehlo<comparison_type UNSIGNED>}> : (tensor<ui64>, tensor<ui64>) -> tensor<i1>
        %149, %150, %151, %152 = "stablehlo.if"(%94) ({
          %95 = "stablehlo.add"(%90, %5) : (tensor<ui64>, tensor<ui64>) -> tensor<ui64>
          %96 = "stablehlo.divide"(%95, %7) : (tensor<ui64>, tensor<ui64>) -> tensor<ui64>
          %123, %124, %125, %126 = "stablehlo.while"(%6, %88, %89, %90) ({
          ^bb0(%118: tensor<ui64>, %119: tensor<4xui64>, %120: tensor<4xf64>, %121: tensor<ui64>):
            %122 = "stablehlo.compare"(%118, %96) <{comparison_direction = #stablehlo<comparison_direction LT>, compare_type = #stablehlo<comparison_type UNSIGNED>}> : (tensor<ui64>, tensor<ui64>) -> tensor<i1>
            "stablehlo.return"(%122) : (tensor<i1>) -> ()
          }, {
          ^bb0(%97: tensor<ui64>, %98: tensor<4xui64>, %99: tensor<4xf64>, %100: tensor<ui64>):
            %101 = "stablehlo.multiply"(%97, %7) : (tensor<ui64>, tensor<ui64>) -> tensor<ui64>
            %102 = "stablehlo.convert"(%101) : (tensor<ui64>) -> tensor<i64>
            %104 = "stablehlo.dynamic_slice"(%98, %102) <{slice_sizes = array<i64: 1>}> : (tensor<4xui64>, tensor<i64>) -> tensor<1xui64>
            %105 = "stablehlo.reshape"(%104) : (tensor<1xui64>) -> tensor<ui64>
            %106 = "stablehlo.dynamic_slice"(%99, %102) <{slice_sizes = array<i64: 1>}> : (tensor<4xf64>, tensor<i64>) -> tensor<1xf64>
            %107 = "stablehlo.reshape"(%106) : (tensor<1xf64>) -> tensor<f64>
            %108 = "stablehlo.convert"(%97) : (tensor<ui64>) -> tensor<i64>
            %109 = "stablehlo.dynamic_slice"(%98, %108) <{slice_sizes = array<i64: 1>}> : (tensor<4xui64>, tensor<i64>) -> tensor<1xui64>
            %110 = "stablehlo.reshape"(%109) : (tensor<1xui64>) -> tensor<ui64>
            %111 = "stablehlo.dynamic_slice"(%99, %108) <{slice_sizes = array<i64: 1>}> : (tensor<4xf64>, tensor<i64>) -> tensor<1xf64>
            %112 = "stablehlo.reshape"(%111) : (tensor<1xf64>) -> tensor<f64>
            %113 = "stablehlo.reshape"(%105) : (tensor<ui64>) -> tensor<1xui64>
            %114 = "stablehlo.dynamic_update_slice"(%98, %113, %108) : (tensor<4xui64>, tensor<1xui64>, tensor<i64>) -> tensor<4xui64>
            %115 = "stablehlo.reshape"(%107) : (tensor<f64>) -> tensor<1xf64>
            %116 = "stablehlo.dynamic_update_slice"(%99, %115, %108) : (tensor<4xf64>, tensor<1xf64>, tensor<i64>) -> tensor<4xf64>
            %117 = "stablehlo.add"(%97, %5) : (tensor<ui64>, tensor<ui64>) -> tensor<ui64>
            "stablehlo.return"(%117, %114, %116, %100) : (tensor<ui64>, tensor<4xui64>, tensor<4xf64>, tensor<ui64>) -> ()
          }) : (tensor<ui64>, tensor<4xui64>, tensor<4xf64>, tensor<ui64>) -> (tensor<ui64>, tensor<4xui64>, tensor<4xf64>, tensor<ui64>)
          %144, %145, %146, %147 = "stablehlo.while"(%96, %124, %125, %126) ({
          ^bb0(%139: tensor<ui64>, %140: tensor<4xui64>, %141: tensor<4xf64>, %142: tensor<ui64>):
            %143 = "stablehlo.compare"(%139, %90) <{comparison_direction = #stablehlo<comparison_direction LT>, compare_type = #stablehlo<comparison_type UNSIGNED>}> : (tensor<ui64>, tensor<ui64>) -> tensor<i1>
            "stablehlo.return"(%143) : (tensor<i1>) -> ()
          }, {
          ^bb0(%127: tensor<ui64>, %128: tensor<4xui64>, %129: tensor<4xf64>, %130: tensor<ui64>):
            %131 = "stablehlo.compare"(%130, %6) <{comparison_direction = #stablehlo<comparison_direction GT>, compare_type = #stablehlo<comparison_type UNSIGNED>}> : (tensor<ui64>, tensor<ui64>) -> tensor<i1>
            %132 = "stablehlo.subtract"(%130, %5) : (tensor<ui64>, tensor<ui64>) -> tensor<ui64>
            %133 = "stablehlo.convert"(%132) : (tensor<ui64>) -> tensor<i64>
            %134 = "stablehlo.dynamic_slice"(%128, %133) <{slice_sizes = array<i64: 1>}> : (tensor<4xui64>, tensor<i64>) -> tensor<1xui64>
            %135 = "stablehlo.reshape"(%134) : (tensor<1xui64>) -> tensor<ui64>
            %136 = "stablehlo.dynamic_slice"(%129, %133) <{slice_sizes = array<i64: 1>}> : (tensor<4xf64>, tensor<i64>) -> tensor<1xf64>
            %137 = "stablehlo.reshape"(%136) : (tensor<1xf64>) -> tensor<f64>
            %138 = "stablehlo.add"(%127, %5) : (tensor<ui64>, tensor<ui64>) -> tensor<ui64>
            "stablehlo.return"(%138, %128, %129, %132) : (tensor<ui64>, tensor<4xui64>, tensor<4xf64>, tensor<ui64>) -> ()
          }) : (tensor<ui64>, tensor<4xui64>, tensor<4xf64>, tensor<ui64>) -> (tensor<ui64>, tensor<4xui64>, tensor<4xf64>, tensor<ui64>)
          %148 = "stablehlo.multiply"(%91, %7) : (tensor<ui64>, tensor<ui64>) -> tensor<ui64>
          "stablehlo.return"(%145, %146, %147, %148) : (tensor<4xui64>, tensor<4xf64>, tensor<ui64>, tensor<ui64>) -> ()
        }, {
          "stablehlo.return"(%88, %89, %90, %91) : (tensor<4xui64>, tensor<4xf64>, tensor<ui64>, tensor<ui64>) -> ()
        }) : (tensor<i1>) -> (tensor<4xui64>, tensor<4xf64>, tensor<ui64>, tensor<ui64>)
        %153 = "stablehlo.remainder"(%87, %152) : (tensor<ui64>, tensor<ui64>) -> tensor<ui64>
        %154 = "stablehlo.compare"(%153, %6) <{comparison_direction = #stablehlo<comparison_direction EQ>, compare_type = #stablehlo<comparison_type UNSIGNED>}> : (tensor<ui64>, tensor<ui64>) -> tensor<i1>
        %155 = "stablehlo.compare"(%151, %8) <{comparison_direction = #stablehlo<comparison_direction LT>, compare_type = #stablehlo<comparison_type UNSIGNED>}> : (tensor<ui64>, tensor<ui64>) -> tensor<i1>
        %156 = "stablehlo.and"(%154, %155) : (tensor<i1>, tensor<i1>) -> tensor<i1>
        %163, %164, %165 = "stablehlo.if"(%156) ({
          %157 = "stablehlo.convert"(%151) : (tensor<ui64>) -> tensor<i64>
          %158 = "stablehlo.reshape"(%87) : (tensor<ui64>) -> tensor<1xui64>
          %159 = "stablehlo.dynamic_update_slice"(%149, %158, %157) : (tensor<4xui64>, tensor<1xui64>, tensor<i64>) -> tensor<4xui64>
          %160 = "stablehlo.reshape"(%86) : (tensor<f64>) -> tensor<1xf64>
          %161 = "stablehlo.dynamic_update_slice"(%150, %160, %157) : (tensor<4xf64>, tensor<1xf64>, tensor<i64>) -> tensor<4xf64>
          %162 = "stablehlo.add"(%151, %5) : (tensor<ui64>, tensor<ui64>) -> tensor<ui64>
          "stablehlo.return"(%159, %161, %162) : (tensor<4xui64>, tensor<4xf64>, tensor<ui64>) -> ()
        }, {
          "stablehlo.return"(%149, %150, %151) : (tensor<4xui64>, tensor<4xf64>, tensor<ui64>) -> ()
        }) : (tensor<i1>) -> (tensor<4xui64>, tensor<4xf64>, tensor<ui64>)
        "stablehlo.return"(%163, %164, %165, %152) : (tensor<4xui64>, tensor<4xf64>, tensor<ui64>, tensor<ui64>) -> ()
      }, {
        "stablehlo.return"(%88, %89, %90, %91) : (tensor<4xui64>, tensor<4xf64>, tensor<ui64>, tensor<ui64>) -> ()
      }) : (tensor<i1>) -> (tensor<4xui64>, tensor<4xf64>, tensor<ui64>, tensor<ui64>)
      %170 = "stablehlo.divide"(%0, %86) : (tensor<f64>, tensor<f64>) -> tensor<f64>
      %171 = "stablehlo.add"(%86, %170) : (tensor<f64>, tensor<f64>) -> tensor<f64>
      %172 = "stablehlo.multiply"(%171, %4) : (tensor<f64>, tensor<f64>) -> tensor<f64>
      %173 = "stablehlo.add"(%87, %5) : (tensor<ui64>, tensor<ui64>) -> tensor<ui64>
      "stablehlo.return"(%172, %173, %166, %167, %168, %169) : (tensor<f64>, tensor<ui64>, tensor<4xui64>, tensor<4xf64>, tensor<ui64>, tensor<ui64>) -> ()
    }) : (tensor<f64>, tensor<ui64>, tensor<4xui64>, tensor<4xf64>, tensor<ui64>, tensor<ui64>) -> (tensor<f64>, tensor<ui64>, tensor<4xui64>, tensor<4xf64>, tensor<ui64>, tensor<ui64>)
    %397 = "stablehlo.pad"(%188, %6) <{edge_padding_low = array<i64: 0>, edge_padding_high = array<i64: 4>, interior_padding = array<i64: 0>}> : (tensor<4xui64>, tensor<ui64>) -> tensor<8xui64>
    %398 = "stablehlo.pad"(%189, %52) <{edge_padding_low = array<i64: 0>, edge_padding_high = array<i64: 4>, interior_padding = array<i64: 0>}> : (tensor<4xf64>, tensor<f64>) -> tensor<8xf64>
    %399, %400, %401, %402, %403, %404 = "stablehlo.while"(%187, %397, %398, %190, %1, %52) ({
    ^bb0(%390: tensor<ui64>, %391: tensor<8xui64>, %392: tensor<8xf64>, %393: tensor<ui64>, %394: tensor<f64>, %395: tensor<f64>):
      %396 = "stablehlo.compare"(%390, %6) <{comparison_direction = #stablehlo<comparison_direction GT>, compare_type = #stablehlo<comparison_type UNSIGNED>}> : (tensor<ui64>, tensor<ui64>) -> tensor<i1>
      "stablehlo.return"(%396) : (tensor<i1>) -> ()
    }, {
    ^bb0(%293: tensor<ui64>, %294: tensor<8xui64>, %295: tensor<8xf64>, %296: tensor<ui64>, %297: tensor<f64>, %298: tensor<f64>):
      %299 = "stablehlo.subtract"(%296, %5) : (tensor<ui64>, tensor<ui64>) -> tensor<ui64>
      %300 = "stablehlo.convert"(%299) : (tensor<ui64>) -> tensor<i64>
      %301 = "stablehlo.dynamic_slice"(%294, %300) <{slice_sizes = array<i64: 1>}> : (tensor<8xui64>, tensor<i64>) -> tensor<1xui64>
      %302 = "stablehlo.reshape"(%301) : (tensor<1xui64>) -> tensor<ui64>
      %303 = "stablehlo.convert"(%299) : (tensor<ui64>) -> tensor<i64>
      %304 = "stablehlo.dynamic_slice"(%295, %303) <{slice_sizes = array<i64: 1>}> : (tensor<8xf64>, tensor<i64>) -> tensor<1xf64>
      %305 = "stablehlo.reshape"(%304) : (tensor<1xf64>) -> tensor<f64>
      %306 = "stablehlo.subtract"(%293, %302) : (tensor<ui64>, tensor<ui64>) -> tensor<ui64>
      %307 = "stablehlo.compare"(%296, %3) <{comparison_direction = #stablehlo<comparison_direction LT>, compare_type = #stablehlo<comparison_type UNSIGNED>}> : (tensor<ui64>, tensor<ui64>) -> tensor<i1>
      %308 = "stablehlo.compare"(%306, %5) <{comparison_direction = #stablehlo<comparison_direction GT>, compare_type = #stablehlo<comparison_type UNSIGNED>}> : (tensor<ui64>, tensor<ui64>) -> tensor<i1>
      %309 = "stablehlo.and"(%307, %308) : (tensor<i1>, tensor<i1>) -> tensor<i1>
      %384, %385, %386, %387, %388, %389 = "stablehlo.if"(%309) ({
        %310 = "stablehlo.subtract"(%3, %299) : (tensor<ui64>, tensor<ui64>) -> tensor<ui64>
        %311 = "stablehlo.add"(%310, %5) : (tensor<ui64>, tensor<ui64>) -> tensor<ui64>
        %321, %322 = "stablehlo.while"(%5, %311) ({
        ^bb0(%318: tensor<ui64>, %319: tensor<ui64>):
          %320 = "stablehlo.compare"(%319, %306) <{comparison_direction = #stablehlo<comparison_direction LT>, compare_type = #stablehlo<comparison_type UNSIGNED>}> : (tensor<ui64>, tensor<ui64>) -> tensor<i1>
          "stablehlo.return"(%320) : (tensor<i1>) -> ()
        }, {
        ^bb0(%312: tensor<ui64>, %313: tensor<ui64>):
          %314 = "stablehlo.add"(%312, %5) : (tensor<ui64>, tensor<ui64>) -> tensor<ui64>
          %315 = "stablehlo.add"(%310, %314) : (tensor<ui64>, tensor<ui64>) -> tensor<ui64>
          %316 = "stablehlo.multiply"(%313, %315) : (tensor<ui64>, tensor<ui64>) -> tensor<ui64>
          %317 = "stablehlo.divide"(%316, %314) : (tensor<ui64>, tensor<ui64>) -> tensor<ui64>
          "stablehlo.return"(%314, %317) : (tensor<ui64>, tensor<ui64>) -> ()
        }) : (tensor<ui64>, tensor<ui64>) -> (tensor<ui64>, tensor<ui64>)
        %323 = "stablehlo.add"(%310, %321) : (tensor<ui64>, tensor<ui64>) -> tensor<ui64>
        %324 = "stablehlo.multiply"(%322, %321) : (tensor<ui64>, tensor<ui64>) -> tensor<ui64>
        %325 = "stablehlo.divide"(%324, %323) : (tensor<ui64>, tensor<ui64>) -> tensor<ui64>
        %326 = "stablehlo.subtract"(%321, %5) : (tensor<ui64>, tensor<ui64>) -> tensor<ui64>
        %327 = "stablehlo.subtract"(%323, %5) : (tensor<ui64>, tensor<ui64>) -> tensor<ui64>
        %328 = "stablehlo.multiply"(%325, %326) : (tensor<ui64>, tensor<ui64>) -> tensor<ui64>
        %329 = "stablehlo.divide"(%328, %327) : (tensor<ui64>, tensor<ui64>) -> tensor<ui64>
        %330 = "stablehlo.multiply"(%322, %310) : (tensor<ui64>, tensor<ui64>) -> tensor<ui64>
        %331 = "stablehlo.divide"(%330, %323) : (tensor<ui64>, tensor<ui64>) -> tensor<ui64>
        %332 = "stablehlo.minimum"(%331, %306) : (tensor<ui64>, tensor<ui64>) -> tensor<ui64>
        %333 = "stablehlo.subtract"(%306, %332) : (tensor<ui64>, tensor<ui64>) -> tensor<ui64>
        %334 = "stablehlo.maximum"(%329, %333) : (tensor<ui64>, tensor<ui64>) -> tensor<ui64>
        %335 = "stablehlo.maximum"(%334, %5) : (tensor<ui64>, tensor<ui64>) -> tensor<ui64>
        %336 = "stablehlo.add"(%302, %335) : (tensor<ui64>, tensor<ui64>) -> tensor<ui64>
        %346, %347 = "stablehlo.while"(%302, %305) ({
        ^bb0(%343: tensor<ui64>, %344: tensor<f64>):
          %345 = "stablehlo.compare"(%343, %336) <{comparison_direction = #stablehlo<comparison_direction LT>, compare_type = #stablehlo<comparison_type UNSIGNED>}> : (tensor<ui64>, tensor<ui64>) -> tensor<i1>
          "stablehlo.return"(%345) : (tensor<i1>) -> ()
        }, {
        ^bb0(%337: tensor<ui64>, %338: tensor<f64>):
          %339 = "stablehlo.divide"(%0, %338) : (tensor<f64>, tensor<f64>) -> tensor<f64>
          %340 = "stablehlo.add"(%338, %339) : (tensor<f64>, tensor<f64>) -> tensor<f64>
          %341 = "stablehlo.multiply"(%340, %4) : (tensor<f64>, tensor<f64>) -> tensor<f64>
          %342 = "stablehlo.add"(%337, %5) : (tensor<ui64>, tensor<ui64>) -> tensor<ui64>
          "stablehlo.return"(%342, %341) : (tensor<ui64>, tensor<f64>) -> ()
        }) : (tensor<ui64>, tensor<f64>) -> (tensor<ui64>, tensor<f64>)
        %348 = "stablehlo.convert"(%296) : (tensor<ui64>) -> tensor<i64>
        %349 = "stablehlo.reshape"(%336) : (tensor<ui64>) -> tensor<1xui64>
        %350 = "stablehlo.dynamic_update_slice"(%294, %349, %348) : (tensor<8xui64>, tensor<1xui64>, tensor<i64>) -> tensor<8xui64>
        %351 = "stablehlo.reshape"(%347) : (tensor<f64>) -> tensor<1xf64>
        %352 = "stablehlo.dynamic_update_slice"(%295, %351, %348) : (tensor<8xf64>, tensor<1xf64>, tensor<i64>) -> tensor<8xf64>
        %353 = "stablehlo.add"(%296, %5) : (tensor<ui64>, tensor<ui64>) -> tensor<ui64>
        "stablehlo.return"(%293, %350, %352, %353, %297, %298) : (tensor<ui64>, tensor<8xui64>, tensor<8xf64>, tensor<ui64>, tensor<f64>, tensor<f64>) -> ()
      }, {
        %354 = "stablehlo.subtract"(%293, %5) : (tensor<ui64>, tensor<ui64>) -> tensor<ui64>
        %364, %365 = "stablehlo.while"(%302, %305) ({
        ^bb0(%361: tensor<ui64>, %362: tensor<f64>):
          %363 = "stablehlo.compare"(%361, %354) <{comparison_direction = #stablehlo<comparison_direction LT>, compare_type = #stablehlo<comparison_type UNSIGNED>}> : (tensor<ui64>, tensor<ui64>) -> tensor<i1>
          "stablehlo.return"(%363) : (tensor<i1>) -> ()
        }, {
        ^bb0(%355: tensor<ui64>, %356: tensor<f64>):
          %357 = "stablehlo.divide"(%0, %356) : (tensor<f64>, tensor<f64>) -> tensor<f64>
          %358 = "stablehlo.add"(%356, %357) : (tensor<f64>, tensor<f64>) -> tensor<f64>
          %359 = "stablehlo.multiply"(%358, %4) : (tensor<f64>, tensor<f64>) -> tensor<f64>
          %360 = "stablehlo.add"(%355, %5) : (tensor<ui64>, tensor<ui64>) -> tensor<ui64>
          "stablehlo.return"(%360, %359) : (tensor<ui64>, tensor<f64>) -> ()
        }) : (tensor<ui64>, tensor<f64>) -> (tensor<ui64>, tensor<f64>)
        %373, %374, %375 = "stablehlo.if"(%308) ({
          "stablehlo.return"(%294, %295, %296) : (tensor<8xui64>, tensor<8xf64>, tensor<ui64>) -> ()
        }, {
          %366 = "stablehlo.compare"(%296, %6) <{comparison_direction = #stablehlo<comparison_direction GT>, compare_type = #stablehlo<comparison_type UNSIGNED>}> : (tensor<ui64>, tensor<ui64>) -> tensor<i1>
          %367 = "stablehlo.subtract"(%296, %5) : (tensor<ui64>, tensor<ui64>) -> tensor<ui64>
          %368 = "stablehlo.convert"(%367) : (tensor<ui64>) -> tensor<i64>
          %369 = "stablehlo.dynamic_slice"(%294, %368) <{slice_sizes = array<i64: 1>}> : (tensor<8xui64>, tensor<i64>) -> tensor<1xui64>
          %370 = "stablehlo.reshape"(%369) : (tensor<1xui64>) -> tensor<ui64>
          %371 = "stablehlo.dynamic_slice"(%295, %368) <{slice_sizes = array<i64: 1>}> : (tensor<8xf64>, tensor<i64>) -> tensor<1xf64>
          %372 = "stablehlo.reshape"(%371) : (tensor<1xf64>) -> tensor<f64>
          "stablehlo.return"(%294, %295, %367) : (tensor<8xui64>, tensor<8xf64>, tensor<ui64>) -> ()
        }) : (tensor<i1>) -> (tensor<8xui64>, tensor<8xf64>, tensor<ui64>)
        %376 = "stablehlo.divide"(%0, %365) : (tensor<f64>, tensor<f64>) -> tensor<f64>
        %377 = "stablehlo.divide"(%376, %365) : (tensor<f64>, tensor<f64>) -> tensor<f64>
        %378 = "stablehlo.negate"(%377) : (tensor<f64>) -> tensor<f64>
        %379 = "stablehlo.multiply"(%297, %4) : (tensor<f64>, tensor<f64>) -> tensor<f64>
        %380 = "stablehlo.multiply"(%379, %378) : (tensor<f64>, tensor<f64>) -> tensor<f64>
        %381 = "stablehlo.add"(%379, %380) : (tensor<f64>, tensor<f64>) -> tensor<f64>
        %382 = "stablehlo.divide"(%379, %365) : (tensor<f64>, tensor<f64>) -> tensor<f64>
        %383 = "stablehlo.add"(%298, %382) : (tensor<f64>, tensor<f64>) -> tensor<f64>
        "stablehlo.return"(%354, %373, %374, %375, %381, %383) : (tensor<ui64>, tensor<8xui64>, tensor<8xf64>, tensor<ui64>, tensor<f64>, tensor<f64>) -> ()
      }) : (tensor<i1>) -> (tensor<ui64>, tensor<8xui64>, tensor<8xf64>, tensor<ui64>, tensor<f64>, tensor<f64>)
      "stablehlo.return"(%384, %385, %386, %387, %388, %389) : (tensor<ui64>, tensor<8xui64>, tensor<8xf64>, tensor<ui64>, tensor<f64>, tensor<f64>) -> ()
    }) : (tensor<ui64>, tensor<8xui64>, tensor<8xf64>, tensor<ui64>, tensor<f64>, tensor<f64>) -> (tensor<ui64>, tensor<8xui64>, tensor<8xf64>, tensor<ui64>, tensor<f64>, tensor<f64>)
    "func.return"(%404) : (tensor<f64>) -> ()
  }
}
