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
    %271 = "stablehlo.constant"() <{value = dense<0> : tensor<4xui64>}> : () -> tensor<4xui64>
    %272 = "stablehlo.constant"() <{value = dense<0.0e0> : tensor<4xf64>}> : () -> tensor<4xf64>
    %273, %274, %275, %276, %277, %278 = "stablehlo.while"(%1, %6, %271, %272, %6, %5) ({
    ^bb0(%261: tensor<f64>, %262: tensor<ui64>, %263: tensor<4xui64>, %264: tensor<4xf64>, %265: tensor<ui64>, %266: tensor<ui64>):
      %267 = "stablehlo.multiply"(%261, %261) : (tensor<f64>, tensor<f64>) -> tensor<f64>
      %268 = "stablehlo.subtract"(%267, %0) : (tensor<f64>, tensor<f64>) -> tensor<f64>
      %269 = "stablehlo.abs"(%268) : (tensor<f64>) -> tensor<f64>
      %270 = "stablehlo.compare"(%269, %2) <{comparison_direction = #stablehlo<comparison_direction GT>, compare_type = #stablehlo<comparison_type FLOAT>}> : (tensor<f64>, tensor<f64>) -> tensor<i1>
      "stablehlo.return"(%270) : (tensor<i1>) -> ()
    }, {
    ^bb0(%174: tensor<f64>, %175: tensor<ui64>, %176: tensor<4xui64>, %177: tensor<4xf64>, %178: tensor<ui64>, %179: tensor<ui64>):
      %180 = "stablehlo.remainder"(%175, %179) : (tensor<ui64>, tensor<ui64>) -> tensor<ui64>
      %181 = "stablehlo.compare"(%180, %6) <{comparison_direction = #stablehlo<comparison_direction EQ>, compare_type = #stablehlo<comparison_type UNSIGNED>}> : (tensor<ui64>, tensor<ui64>) -> tensor<i1>
      %253, %254, %255, %256 = "stablehlo.if"(%181) ({
        %182 = "stablehlo.compare"(%178, %8) <{comparison_direction = #stablehlo<comparison_direction GE>, compare_type = #stablehlo<comparison_type UNSIGNED>}> : (tensor<ui64>, tensor<ui64>) -> tensor<i1>
        %236, %237, %238, %239 = "stablehlo.if"(%182) ({
          %183 = "stablehlo.add"(%178, %5) : (tensor<ui64>, tensor<ui64>) -> tensor<ui64>
          %184 = "stablehlo.divide"(%183, %7) : (tensor<ui64>, tensor<ui64>) -> tensor<ui64>
          %210, %211, %212, %213 = "stablehlo.while"(%6, %176, %177, %178) ({
          ^bb0(%205: tensor<ui64>, %206: tensor<4xui64>, %207: tensor<4xf64>, %208: tensor<ui64>):
            %209 = "stablehlo.compare"(%205, %184) <{comparison_direction = #stablehlo<comparison_direction LT>, compare_type = #stablehlo<comparison_type UNSIGNED>}> : (tensor<ui64>, tensor<ui64>) -> tensor<i1>
            "stablehlo.return"(%209) : (tensor<i1>) -> ()
          }, {
          ^bb0(%185: tensor<ui64>, %186: tensor<4xui64>, %187: tensor<4xf64>, %188: tensor<ui64>):
            %189 = "stablehlo.multiply"(%185, %7) : (tensor<ui64>, tensor<ui64>) -> tensor<ui64>
            %190 = "stablehlo.convert"(%189) : (tensor<ui64>) -> tensor<i64>
            %191 = "stablehlo.dynamic_slice"(%186, %190) <{slice_sizes = array<i64: 1>}> : (tensor<4xui64>, tensor<i64>) -> tensor<1xui64>
            %192 = "stablehlo.reshape"(%191) : (tensor<1xui64>) -> tensor<ui64>
            %193 = "stablehlo.dynamic_slice"(%187, %190) <{slice_sizes = array<i64: 1>}> : (tensor<4xf64>, tensor<i64>) -> tensor<1xf64>
            %194 = "stablehlo.reshape"(%193) : (tensor<1xf64>) -> tensor<f64>
            %195 = "stablehlo.convert"(%185) : (tensor<ui64>) -> tensor<i64>
            %196 = "stablehlo.dynamic_slice"(%186, %195) <{slice_sizes = array<i64: 1>}> : (tensor<4xui64>, tensor<i64>) -> tensor<1xui64>
            %197 = "stablehlo.reshape"(%196) : (tensor<1xui64>) -> tensor<ui64>
            %198 = "stablehlo.dynamic_slice"(%187, %195) <{slice_sizes = array<i64: 1>}> : (tensor<4xf64>, tensor<i64>) -> tensor<1xf64>
            %199 = "stablehlo.reshape"(%198) : (tensor<1xf64>) -> tensor<f64>
            %200 = "stablehlo.reshape"(%192) : (tensor<ui64>) -> tensor<1xui64>
            %201 = "stablehlo.dynamic_update_slice"(%186, %200, %195) : (tensor<4xui64>, tensor<1xui64>, tensor<i64>) -> tensor<4xui64>
            %202 = "stablehlo.reshape"(%194) : (tensor<f64>) -> tensor<1xf64>
            %203 = "stablehlo.dynamic_update_slice"(%187, %202, %195) : (tensor<4xf64>, tensor<1xf64>, tensor<i64>) -> tensor<4xf64>
            %204 = "stablehlo.add"(%185, %5) : (tensor<ui64>, tensor<ui64>) -> tensor<ui64>
            "stablehlo.return"(%204, %201, %203, %188) : (tensor<ui64>, tensor<4xui64>, tensor<4xf64>, tensor<ui64>) -> ()
          }) : (tensor<ui64>, tensor<4xui64>, tensor<4xf64>, tensor<ui64>) -> (tensor<ui64>, tensor<4xui64>, tensor<4xf64>, tensor<ui64>)
          %231, %232, %233, %234 = "stablehlo.while"(%184, %211, %212, %213) ({
          ^bb0(%226: tensor<ui64>, %227: tensor<4xui64>, %228: tensor<4xf64>, %229: tensor<ui64>):
            %230 = "stablehlo.compare"(%226, %178) <{comparison_direction = #stablehlo<comparison_direction LT>, compare_type = #stablehlo<comparison_type UNSIGNED>}> : (tensor<ui64>, tensor<ui64>) -> tensor<i1>
            "stablehlo.return"(%230) : (tensor<i1>) -> ()
          }, {
          ^bb0(%214: tensor<ui64>, %215: tensor<4xui64>, %216: tensor<4xf64>, %217: tensor<ui64>):
            %218 = "stablehlo.compare"(%217, %6) <{comparison_direction = #stablehlo<comparison_direction GT>, compare_type = #stablehlo<comparison_type UNSIGNED>}> : (tensor<ui64>, tensor<ui64>) -> tensor<i1>
            %219 = "stablehlo.subtract"(%217, %5) : (tensor<ui64>, tensor<ui64>) -> tensor<ui64>
            %220 = "stablehlo.convert"(%219) : (tensor<ui64>) -> tensor<i64>
            %221 = "stablehlo.dynamic_slice"(%215, %220) <{slice_sizes = array<i64: 1>}> : (tensor<4xui64>, tensor<i64>) -> tensor<1xui64>
            %222 = "stablehlo.reshape"(%221) : (tensor<1xui64>) -> tensor<ui64>
            %223 = "stablehlo.dynamic_slice"(%216, %220) <{slice_sizes = array<i64: 1>}> : (tensor<4xf64>, tensor<i64>) -> tensor<1xf64>
            %224 = "stablehlo.reshape"(%223) : (tensor<1xf64>) -> tensor<f64>
            %225 = "stablehlo.add"(%214, %5) : (tensor<ui64>, tensor<ui64>) -> tensor<ui64>
            "stablehlo.return"(%225, %215, %216, %219) : (tensor<ui64>, tensor<4xui64>, tensor<4xf64>, tensor<ui64>) -> ()
          }) : (tensor<ui64>, tensor<4xui64>, tensor<4xf64>, tensor<ui64>) -> (tensor<ui64>, tensor<4xui64>, tensor<4xf64>, tensor<ui64>)
          %235 = "stablehlo.multiply"(%179, %7) : (tensor<ui64>, tensor<ui64>) -> tensor<ui64>
          "stablehlo.return"(%232, %233, %234, %235) : (tensor<4xui64>, tensor<4xf64>, tensor<ui64>, tensor<ui64>) -> ()
        }, {
          "stablehlo.return"(%176, %177, %178, %179) : (tensor<4xui64>, tensor<4xf64>, tensor<ui64>, tensor<ui64>) -> ()
        }) : (tensor<i1>) -> (tensor<4xui64>, tensor<4xf64>, tensor<ui64>, tensor<ui64>)
        %240 = "stablehlo.remainder"(%175, %239) : (tensor<ui64>, tensor<ui64>) -> tensor<ui64>
        %241 = "stablehlo.compare"(%240, %6) <{comparison_direction = #stablehlo<comparison_direction EQ>, compare_type = #stablehlo<comparison_type UNSIGNED>}> : (tensor<ui64>, tensor<ui64>) -> tensor<i1>
        %242 = "stablehlo.compare"(%238, %8) <{comparison_direction = #stablehlo<comparison_direction LT>, compare_type = #stablehlo<comparison_type UNSIGNED>}> : (tensor<ui64>, tensor<ui64>) -> tensor<i1>
        %243 = "stablehlo.and"(%241, %242) : (tensor<i1>, tensor<i1>) -> tensor<i1>
        %250, %251, %252 = "stablehlo.if"(%243) ({
          %244 = "stablehlo.convert"(%238) : (tensor<ui64>) -> tensor<i64>
          %245 = "stablehlo.reshape"(%175) : (tensor<ui64>) -> tensor<1xui64>
          %246 = "stablehlo.dynamic_update_slice"(%236, %245, %244) : (tensor<4xui64>, tensor<1xui64>, tensor<i64>) -> tensor<4xui64>
          %247 = "stablehlo.reshape"(%174) : (tensor<f64>) -> tensor<1xf64>
          %248 = "stablehlo.dynamic_update_slice"(%237, %247, %244) : (tensor<4xf64>, tensor<1xf64>, tensor<i64>) -> tensor<4xf64>
          %249 = "stablehlo.add"(%238, %5) : (tensor<ui64>, tensor<ui64>) -> tensor<ui64>
          "stablehlo.return"(%246, %248, %249) : (tensor<4xui64>, tensor<4xf64>, tensor<ui64>) -> ()
        }, {
          "stablehlo.return"(%236, %237, %238) : (tensor<4xui64>, tensor<4xf64>, tensor<ui64>) -> ()
        }) : (tensor<i1>) -> (tensor<4xui64>, tensor<4xf64>, tensor<ui64>)
        "stablehlo.return"(%250, %251, %252, %239) : (tensor<4xui64>, tensor<4xf64>, tensor<ui64>, tensor<ui64>) -> ()
      }, {
        "stablehlo.return"(%176, %177, %178, %179) : (tensor<4xui64>, tensor<4xf64>, tensor<ui64>, tensor<ui64>) -> ()
      }) : (tensor<i1>) -> (tensor<4xui64>, tensor<4xf64>, tensor<ui64>, tensor<ui64>)
      %257 = "stablehlo.divide"(%0, %174) : (tensor<f64>, tensor<f64>) -> tensor<f64>
      %258 = "stablehlo.add"(%174, %257) : (tensor<f64>, tensor<f64>) -> tensor<f64>
      %259 = "stablehlo.multiply"(%258, %4) : (tensor<f64>, tensor<f64>) -> tensor<f64>
      %260 = "stablehlo.add"(%175, %5) : (tensor<ui64>, tensor<ui64>) -> tensor<ui64>
      "stablehlo.return"(%259, %260, %253, %254, %255, %256) : (tensor<f64>, tensor<ui64>, tensor<4xui64>, tensor<4xf64>, tensor<ui64>, tensor<ui64>) -> ()
    }) : (tensor<f64>, tensor<ui64>, tensor<4xui64>, tensor<4xf64>, tensor<ui64>, tensor<ui64>) -> (tensor<f64>, tensor<ui64>, tensor<4xui64>, tensor<4xf64>, tensor<ui64>, tensor<ui64>)
    %581 = "stablehlo.pad"(%275, %6) <{edge_padding_low = array<i64: 0>, edge_padding_high = array<i64: 4>, interior_padding = array<i64: 0>}> : (tensor<4xui64>, tensor<ui64>) -> tensor<8xui64>
    %582 = "stablehlo.pad"(%276, %52) <{edge_padding_low = array<i64: 0>, edge_padding_high = array<i64: 4>, interior_padding = array<i64: 0>}> : (tensor<4xf64>, tensor<f64>) -> tensor<8xf64>
    %583, %584, %585, %586, %587, %588 = "stablehlo.while"(%274, %581, %582, %277, %1, %52) ({
    ^bb0(%574: tensor<ui64>, %575: tensor<8xui64>, %576: tensor<8xf64>, %577: tensor<ui64>, %578: tensor<f64>, %579: tensor<f64>):
      %580 = "stablehlo.compare"(%574, %6) <{comparison_direction = #stablehlo<comparison_direction GT>, compare_type = #stablehlo<comparison_type UNSIGNED>}> : (tensor<ui64>, tensor<ui64>) -> tensor<i1>
      "stablehlo.return"(%580) : (tensor<i1>) -> ()
    }, {
    ^bb0(%477: tensor<ui64>, %478: tensor<8xui64>, %479: tensor<8xf64>, %480: tensor<ui64>, %481: tensor<f64>, %482: tensor<f64>):
      %483 = "stablehlo.subtract"(%480, %5) : (tensor<ui64>, tensor<ui64>) -> tensor<ui64>
      %484 = "stablehlo.convert"(%483) : (tensor<ui64>) -> tensor<i64>
      %485 = "stablehlo.dynamic_slice"(%478, %484) <{slice_sizes = array<i64: 1>}> : (tensor<8xui64>, tensor<i64>) -> tensor<1xui64>
      %486 = "stablehlo.reshape"(%485) : (tensor<1xui64>) -> tensor<ui64>
      %487 = "stablehlo.convert"(%483) : (tensor<ui64>) -> tensor<i64>
      %488 = "stablehlo.dynamic_slice"(%479, %487) <{slice_sizes = array<i64: 1>}> : (tensor<8xf64>, tensor<i64>) -> tensor<1xf64>
      %489 = "stablehlo.reshape"(%488) : (tensor<1xf64>) -> tensor<f64>
      %490 = "stablehlo.subtract"(%477, %486) : (tensor<ui64>, tensor<ui64>) -> tensor<ui64>
      %491 = "stablehlo.compare"(%480, %3) <{comparison_direction = #stablehlo<comparison_direction LT>, compare_type = #stablehlo<comparison_type UNSIGNED>}> : (tensor<ui64>, tensor<ui64>) -> tensor<i1>
      %492 = "stablehlo.compare"(%490, %5) <{comparison_direction = #stablehlo<comparison_direction GT>, compare_type = #stablehlo<comparison_type UNSIGNED>}> : (tensor<ui64>, tensor<ui64>) -> tensor<i1>
      %493 = "stablehlo.and"(%491, %492) : (tensor<i1>, tensor<i1>) -> tensor<i1>
      %568, %569, %570, %571, %572, %573 = "stablehlo.if"(%493) ({
        %494 = "stablehlo.subtract"(%3, %483) : (tensor<ui64>, tensor<ui64>) -> tensor<ui64>
        %495 = "stablehlo.add"(%494, %5) : (tensor<ui64>, tensor<ui64>) -> tensor<ui64>
        %505, %506 = "stablehlo.while"(%5, %495) ({
        ^bb0(%502: tensor<ui64>, %503: tensor<ui64>):
          %504 = "stablehlo.compare"(%503, %490) <{comparison_direction = #stablehlo<comparison_direction LT>, compare_type = #stablehlo<comparison_type UNSIGNED>}> : (tensor<ui64>, tensor<ui64>) -> tensor<i1>
          "stablehlo.return"(%504) : (tensor<i1>) -> ()
        }, {
        ^bb0(%496: tensor<ui64>, %497: tensor<ui64>):
          %498 = "stablehlo.add"(%496, %5) : (tensor<ui64>, tensor<ui64>) -> tensor<ui64>
          %499 = "stablehlo.add"(%494, %498) : (tensor<ui64>, tensor<ui64>) -> tensor<ui64>
          %500 = "stablehlo.multiply"(%497, %499) : (tensor<ui64>, tensor<ui64>) -> tensor<ui64>
          %501 = "stablehlo.divide"(%500, %498) : (tensor<ui64>, tensor<ui64>) -> tensor<ui64>
          "stablehlo.return"(%498, %501) : (tensor<ui64>, tensor<ui64>) -> ()
        }) : (tensor<ui64>, tensor<ui64>) -> (tensor<ui64>, tensor<ui64>)
        %507 = "stablehlo.add"(%494, %505) : (tensor<ui64>, tensor<ui64>) -> tensor<ui64>
        %508 = "stablehlo.multiply"(%506, %505) : (tensor<ui64>, tensor<ui64>) -> tensor<ui64>
        %509 = "stablehlo.divide"(%508, %507) : (tensor<ui64>, tensor<ui64>) -> tensor<ui64>
        %510 = "stablehlo.subtract"(%505, %5) : (tensor<ui64>, tensor<ui64>) -> tensor<ui64>
        %511 = "stablehlo.subtract"(%507, %5) : (tensor<ui64>, tensor<ui64>) -> tensor<ui64>
        %512 = "stablehlo.multiply"(%509, %510) : (tensor<ui64>, tensor<ui64>) -> tensor<ui64>
        %513 = "stablehlo.divide"(%512, %511) : (tensor<ui64>, tensor<ui64>) -> tensor<ui64>
        %514 = "stablehlo.multiply"(%506, %494) : (tensor<ui64>, tensor<ui64>) -> tensor<ui64>
        %515 = "stablehlo.divide"(%514, %507) : (tensor<ui64>, tensor<ui64>) -> tensor<ui64>
        %516 = "stablehlo.minimum"(%515, %490) : (tensor<ui64>, tensor<ui64>) -> tensor<ui64>
        %517 = "stablehlo.subtract"(%490, %516) : (tensor<ui64>, tensor<ui64>) -> tensor<ui64>
        %518 = "stablehlo.maximum"(%513, %517) : (tensor<ui64>, tensor<ui64>) -> tensor<ui64>
        %519 = "stablehlo.maximum"(%518, %5) : (tensor<ui64>, tensor<ui64>) -> tensor<ui64>
        %520 = "stablehlo.add"(%486, %519) : (tensor<ui64>, tensor<ui64>) -> tensor<ui64>
        %530, %531 = "stablehlo.while"(%486, %489) ({
        ^bb0(%527: tensor<ui64>, %528: tensor<f64>):
          %529 = "stablehlo.compare"(%527, %520) <{comparison_direction = #stablehlo<comparison_direction LT>, compare_type = #stablehlo<comparison_type UNSIGNED>}> : (tensor<ui64>, tensor<ui64>) -> tensor<i1>
          "stablehlo.return"(%529) : (tensor<i1>) -> ()
        }, {
        ^bb0(%521: tensor<ui64>, %522: tensor<f64>):
          %523 = "stablehlo.divide"(%0, %522) : (tensor<f64>, tensor<f64>) -> tensor<f64>
          %524 = "stablehlo.add"(%522, %523) : (tensor<f64>, tensor<f64>) -> tensor<f64>
          %525 = "stablehlo.multiply"(%524, %4) : (tensor<f64>, tensor<f64>) -> tensor<f64>
          %526 = "stablehlo.add"(%521, %5) : (tensor<ui64>, tensor<ui64>) -> tensor<ui64>
          "stablehlo.return"(%526, %525) : (tensor<ui64>, tensor<f64>) -> ()
        }) : (tensor<ui64>, tensor<f64>) -> (tensor<ui64>, tensor<f64>)
        %532 = "stablehlo.convert"(%480) : (tensor<ui64>) -> tensor<i64>
        %533 = "stablehlo.reshape"(%520) : (tensor<ui64>) -> tensor<1xui64>
        %534 = "stablehlo.dynamic_update_slice"(%478, %533, %532) : (tensor<8xui64>, tensor<1xui64>, tensor<i64>) -> tensor<8xui64>
        %535 = "stablehlo.reshape"(%531) : (tensor<f64>) -> tensor<1xf64>
        %536 = "stablehlo.dynamic_update_slice"(%479, %535, %532) : (tensor<8xf64>, tensor<1xf64>, tensor<i64>) -> tensor<8xf64>
        %537 = "stablehlo.add"(%480, %5) : (tensor<ui64>, tensor<ui64>) -> tensor<ui64>
        "stablehlo.return"(%477, %534, %536, %537, %481, %482) : (tensor<ui64>, tensor<8xui64>, tensor<8xf64>, tensor<ui64>, tensor<f64>, tensor<f64>) -> ()
      }, {
        %538 = "stablehlo.subtract"(%477, %5) : (tensor<ui64>, tensor<ui64>) -> tensor<ui64>
        %548, %549 = "stablehlo.while"(%486, %489) ({
        ^bb0(%545: tensor<ui64>, %546: tensor<f64>):
          %547 = "stablehlo.compare"(%545, %538) <{comparison_direction = #stablehlo<comparison_direction LT>, compare_type = #stablehlo<comparison_type UNSIGNED>}> : (tensor<ui64>, tensor<ui64>) -> tensor<i1>
          "stablehlo.return"(%547) : (tensor<i1>) -> ()
        }, {
        ^bb0(%539: tensor<ui64>, %540: tensor<f64>):
          %541 = "stablehlo.divide"(%0, %540) : (tensor<f64>, tensor<f64>) -> tensor<f64>
          %542 = "stablehlo.add"(%540, %541) : (tensor<f64>, tensor<f64>) -> tensor<f64>
          %543 = "stablehlo.multiply"(%542, %4) : (tensor<f64>, tensor<f64>) -> tensor<f64>
          %544 = "stablehlo.add"(%539, %5) : (tensor<ui64>, tensor<ui64>) -> tensor<ui64>
          "stablehlo.return"(%544, %543) : (tensor<ui64>, tensor<f64>) -> ()
        }) : (tensor<ui64>, tensor<f64>) -> (tensor<ui64>, tensor<f64>)
        %557, %558, %559 = "stablehlo.if"(%492) ({
          "stablehlo.return"(%478, %479, %480) : (tensor<8xui64>, tensor<8xf64>, tensor<ui64>) -> ()
        }, {
          %550 = "stablehlo.compare"(%480, %6) <{comparison_direction = #stablehlo<comparison_direction GT>, compare_type = #stablehlo<comparison_type UNSIGNED>}> : (tensor<ui64>, tensor<ui64>) -> tensor<i1>
          %551 = "stablehlo.subtract"(%480, %5) : (tensor<ui64>, tensor<ui64>) -> tensor<ui64>
          %552 = "stablehlo.convert"(%551) : (tensor<ui64>) -> tensor<i64>
          %553 = "stablehlo.dynamic_slice"(%478, %552) <{slice_sizes = array<i64: 1>}> : (tensor<8xui64>, tensor<i64>) -> tensor<1xui64>
          %554 = "stablehlo.reshape"(%553) : (tensor<1xui64>) -> tensor<ui64>
          %555 = "stablehlo.dynamic_slice"(%479, %552) <{slice_sizes = array<i64: 1>}> : (tensor<8xf64>, tensor<i64>) -> tensor<1xf64>
          %556 = "stablehlo.reshape"(%555) : (tensor<1xf64>) -> tensor<f64>
          "stablehlo.return"(%478, %479, %551) : (tensor<8xui64>, tensor<8xf64>, tensor<ui64>) -> ()
        }) : (tensor<i1>) -> (tensor<8xui64>, tensor<8xf64>, tensor<ui64>)
        %560 = "stablehlo.divide"(%0, %549) : (tensor<f64>, tensor<f64>) -> tensor<f64>
        %561 = "stablehlo.divide"(%560, %549) : (tensor<f64>, tensor<f64>) -> tensor<f64>
        %562 = "stablehlo.negate"(%561) : (tensor<f64>) -> tensor<f64>
        %563 = "stablehlo.multiply"(%481, %4) : (tensor<f64>, tensor<f64>) -> tensor<f64>
        %564 = "stablehlo.multiply"(%563, %562) : (tensor<f64>, tensor<f64>) -> tensor<f64>
        %565 = "stablehlo.add"(%563, %564) : (tensor<f64>, tensor<f64>) -> tensor<f64>
        %566 = "stablehlo.divide"(%563, %549) : (tensor<f64>, tensor<f64>) -> tensor<f64>
        %567 = "stablehlo.add"(%482, %566) : (tensor<f64>, tensor<f64>) -> tensor<f64>
        "stablehlo.return"(%538, %557, %558, %559, %565, %567) : (tensor<ui64>, tensor<8xui64>, tensor<8xf64>, tensor<ui64>, tensor<f64>, tensor<f64>) -> ()
      }) : (tensor<i1>) -> (tensor<ui64>, tensor<8xui64>, tensor<8xf64>, tensor<ui64>, tensor<f64>, tensor<f64>)
      "stablehlo.return"(%568, %569, %570, %571, %572, %573) : (tensor<ui64>, tensor<8xui64>, tensor<8xf64>, tensor<ui64>, tensor<f64>, tensor<f64>) -> ()
    }) : (tensor<ui64>, tensor<8xui64>, tensor<8xf64>, tensor<ui64>, tensor<f64>, tensor<f64>) -> (tensor<ui64>, tensor<8xui64>, tensor<8xf64>, tensor<ui64>, tensor<f64>, tensor<f64>)
    "func.return"(%588) : (tensor<f64>) -> ()
  }
}
