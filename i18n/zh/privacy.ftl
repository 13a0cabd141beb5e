### Privacy

privacy-no-township = 台账中没有“{ $name }”这个乡镇
privacy-township-nearest = 台账中没有“{ $name }”这个乡镇；最接近的是：{ $near }
privacy-township-several = “{ $name }”不止一个，请写明县：{ $all }（或用 --county）
privacy-audiences = internal（内部）、township 乡镇名（乡镇 乡镇名）、summary（汇总）
privacy-stranger = 外乡镇人选，只列编号；情况请向县委组织部了解
privacy-other-township = 其他乡镇
privacy-unlisted-word = 词表外
privacy-unlisted = 有{ $n }格所填不是词表中的词，本材料列为“词表外”，原文见内部版
privacy-reason-kept = 理由见内部版
privacy-text-kept = 见内部版
privacy-findings-lost = 另有{ $n }处存疑或未读入的行，不能确定属于哪个乡镇，未列入本材料，由县里核对
privacy-township-only = 本材料只含本乡镇的村和人
privacy-township-standing = 名次、等次按全县{ $villages }个村统一比较后列出，全县得分中位数{ $median }（分类：{ $classes }）；本材料只含本乡镇的村和人
privacy-title-township = { $township }村党组织书记队伍研判材料
privacy-legend = 人数不足{ $least }人的，以及凭其他数字能推算出来的，以“＊”表示，数据表中为空
privacy-undeclared = { $what }：未登记可对外提供的列，未列入
privacy-withheld-rows = 另有{ $n }行因人数过少未画出
privacy-withheld-chart = 人数过少，不作图
privacy-few = 人数过少，不列（＊）
step-privacy = 按读者取舍
verify-certificate-township = 最优性证明：乡镇材料只含一部分，不能单独核对；给出 --book 即可重算核对
verify-certificate-quotas = 人选与岗位相符（{ $checked }个可选配对）；本版不列配额所指人员，最优性不能单独核对，给出 --book 即可重算核对

structure-plain-past = 书记已超过{ $limit }岁
structure-plain-near = 书记{ $years }年内超过{ $limit }岁
structure-plain-far = 书记{ $years }年内不到{ $limit }岁上限
structure-plain-few = 在库后备少于{ $least }人
structure-plain-enough = 在库后备不少于{ $least }人
structure-plain-few-members = 其中正式党员少于{ $least }人
structure-plain-few-young = 其中{ $age }岁及以下的少于{ $least }人
structure-plain-ageless = 后备中有人出生年月不详
structure-plain-sitting = 在任书记仍登记在库，未计入后备
