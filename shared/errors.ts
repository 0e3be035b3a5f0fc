/**
 * Every error a person can meet: code -> HTTP status and the Chinese sentence shown. `{name}` in a sentence is filled from the
 * error's details, so that a refusal names the rule that failed with both values.
 */
export const errors = {
  // the request itself
  invalid_input: { status: 400, message: '填写的内容有误：{reason}' },
  malformed_json: { status: 400, message: '请求内容不是有效的 JSON' },
  idempotency_key_required: { status: 400, message: '缺少 Idempotency-Key，请刷新后重试' },
  idempotency_key_reused: { status: 422, message: '同一个操作编号用在了不同的内容上，请刷新后重试' },
  body_too_large: { status: 413, message: '提交的内容过大，最多 {maxKilobytes} KB' },
  unsupported_media_type: { status: 415, message: '只接受 JSON 格式的内容' },
  not_found: { status: 404, message: '没有找到要看的内容' },
  method_not_allowed: { status: 405, message: '这个地址不支持这种操作' },
  too_many_requests: { status: 429, message: '操作太频繁，请 {retryAfterSeconds} 秒后再试' },
  overloaded: { status: 503, message: '现在访问的人太多，请稍后再试' },
  timeout: { status: 503, message: '处理超时，请稍后重试' },
  internal: { status: 500, message: '系统出了点问题，请稍后再试（编号 {requestId}）' },

  // identity
  unauthenticated: { status: 401, message: '请先登录' },
  session_expired: { status: 401, message: '登录已过期，请重新登录' },
  session_revoked: { status: 401, message: '登录已失效，请重新登录' },
  forbidden: { status: 403, message: '没有权限做这个操作' },
  store_out_of_scope: { status: 403, message: '你的账号不能操作这家门店' },
  wrong_credentials: { status: 401, message: '账号或密码不对' },
  account_locked: { status: 429, message: '输错次数太多，请 {retryAfterSeconds} 秒后再试' },
  account_disabled: { status: 403, message: '这个账号已停用' },
  sms_code_wrong: { status: 400, message: '验证码不对或已过期，请重新获取' },
  sms_code_too_often: { status: 429, message: '验证码发送太频繁，请 {retryAfterSeconds} 秒后再试' },
  sms_unavailable: { status: 502, message: '短信暂时发不出去，请稍后再试' },
  wechat_code_invalid: { status: 400, message: '微信登录凭证已失效，请重试' },
  wechat_unavailable: { status: 502, message: '微信服务暂时不可用，请稍后再试' },
  phone_taken: { status: 409, message: '这个手机号已属于另一位会员' },
  not_staff: { status: 403, message: '这个会员账号没有绑定店员身份' },
  demo_disabled: { status: 404, message: '这里没有开启演示模式' },

  // members
  member_not_found: { status: 404, message: '没有找到这位会员' },
  member_inactive: { status: 409, message: '这位会员已停用或已注销' },
  birthday_locked: { status: 409, message: '生日每 365 天只能修改一次，{nextChangeOn} 之后可以再改' },
  member_code_invalid: { status: 400, message: '会员码无效，请会员刷新后再扫' },
  member_code_expired: { status: 409, message: '会员码已过期，请会员刷新后再扫' },
  member_code_used: { status: 409, message: '会员码已被使用，请会员刷新后再扫' },
  member_code_locked: { status: 429, message: '扫码错误次数太多，请 {retryAfterSeconds} 秒后再试' },
  scan_expired: { status: 409, message: '本次扫码已超时，请重新扫会员码' },
  scan_not_found: { status: 404, message: '没有找到这次扫码记录' },

  // points
  points_insufficient: { status: 409, message: '积分不足：需要 {required}，现有 {available}' },
  points_entry_not_found: { status: 404, message: '没有找到这笔积分流水' },
  points_entry_not_reversible: { status: 409, message: '这笔积分流水不能冲正' },
  points_already_reversed: { status: 409, message: '这笔积分流水已经冲正过了' },
  points_overflow: { status: 409, message: '积分数额超出上限' },

  // coupons
  coupon_template_not_found: { status: 404, message: '没有找到这张优惠券' },
  coupon_template_not_editable: { status: 409, message: '优惠券已发布，优惠内容不能再改' },
  coupon_template_bad_state: { status: 409, message: '优惠券当前是“{state}”，不能做这个操作' },
  coupon_template_conflict: { status: 409, message: '别人刚改过这张优惠券，请刷新后再改' },
  coupon_not_claimable: { status: 409, message: '这张券不在领取中心发放' },
  coupon_not_started: { status: 409, message: '还没到领取时间：{startsAt} 开始' },
  coupon_ended: { status: 409, message: '领取已结束' },
  coupon_out_of_stock: { status: 409, message: '来晚一步，已领完（共 {stock} 张）' },
  coupon_day_limit: { status: 409, message: '今天的已领完（每天 {limit} 张），明天再来' },
  coupon_member_limit: { status: 409, message: '每人限领 {limit} 张，你已领 {claimed} 张' },
  coupon_budget_used: { status: 409, message: '这张券的预算已用完' },
  coupon_tier_required: { status: 409, message: '需要{required}及以上，当前是{actual}' },
  coupon_not_found: { status: 404, message: '没有找到这张券' },
  coupon_not_usable_status: { status: 409, message: '这张券{status}，不能使用' },
  coupon_not_yet_valid: { status: 409, message: '还没到使用时间：{validFrom} 起可用' },
  coupon_expired: { status: 409, message: '这张券已于 {validTo} 过期' },
  coupon_wrong_weekday: { status: 409, message: '仅{allowed}可用，今天是{actual}' },
  coupon_wrong_hour: { status: 409, message: '仅 {allowed} 可用，现在是 {actual}' },
  coupon_blackout_day: { status: 409, message: '{actual} 不可用' },
  coupon_wrong_store: { status: 409, message: '仅限 {allowed} 使用，这里是 {actual}' },
  coupon_wrong_channel: { status: 409, message: '仅限{allowed}使用，这里是{actual}' },
  coupon_min_spend: { status: 409, message: '适用商品满 {required} 可用，现在是 {actual}' },
  coupon_no_item_in_scope: { status: 409, message: '本单没有这张券适用的商品' },
  coupon_not_stackable: { status: 409, message: '不能与“{other}”同时使用' },
  coupon_reverse_window: { status: 409, message: '核销已超过 {windowDays} 天，不能撤销' },
  coupon_wrong_member: { status: 409, message: '这张券不属于这位会员' },
  coupon_kind_needs_purchase: { status: 409, message: '这类券要在收银时使用，请先录入消费' },
  coupon_already_granted: { status: 409, message: '这批券已经发放过了' },

  // purchases
  purchase_not_found: { status: 404, message: '没有找到这笔消费' },
  purchase_duplicate: { status: 409, message: '单号 {externalNo} 已经录入过了，内容不同' },
  purchase_amount_mismatch: { status: 400, message: '明细合计 {lines} 与总额 {total} 不一致' },
  purchase_in_future: { status: 400, message: '消费时间不能晚于现在' },
  refund_exceeds: { status: 409, message: '最多还可退 {refundable}，本次要退 {requested}' },
  refund_line_exceeds: { status: 409, message: '“{item}”最多还可退 {refundable} 件，本次要退 {requested} 件' },

  // photos, community, feedback
  upload_not_a_photo: { status: 400, message: '只能上传 JPG、PNG 或 WebP 照片' },
  upload_too_large: { status: 413, message: '照片太大，每张最多 {maxMegabytes} MB' },
  upload_too_many: { status: 400, message: '一次最多上传 {max} 张照片' },
  upload_day_limit: { status: 429, message: '今天上传的照片太多了（最多 {limit} 张），明天再来' },
  upload_not_found: { status: 404, message: '照片已失效，请重新上传' },
  product_not_found: { status: 404, message: '没有找到这件商品' },
  post_not_found: { status: 404, message: '这篇内容不存在或已删除' },
  post_refused: { status: 409, message: '{reason}' },
  post_too_many: { status: 429, message: '今天发得太多了（最多 {max} 篇），明天再来' },
  post_bad_state: { status: 409, message: '这篇内容刚被处理过，请刷新后再看' },
  review_given: { status: 409, message: '这件商品已经评价过了' },
  review_too_late: { status: 409, message: '购买超过 90 天，不能再评价' },
  nps_too_soon: { status: 409, message: '谢谢，你最近评过分了，{nextOn} 之后可以再评' },
  satisfaction_given: { status: 409, message: '这笔消费已经评价过了' },
  satisfaction_too_late: { status: 409, message: '消费超过 30 天，不能再评价' },
  complaint_not_found: { status: 404, message: '没有找到这件投诉' },
  complaint_too_many: { status: 429, message: '还有 {max} 件没有办结，请在原投诉里补充，我们会尽快处理' },
  complaint_closed: { status: 409, message: '这件投诉已办结多日，请重新提交一件' },
  consent_outdated: { status: 409, message: '文件已经更新，请重新打开后再同意' },
  export_too_soon: { status: 409, message: '24 小时内只能申请一次导出，请稍后再试' },
  export_not_ready: { status: 409, message: '数据副本还没备好、已下载或已过期' },
  export_link_spent: { status: 404, message: '下载链接已失效，请回到会员中心重新获取' },
  cancellation_open: { status: 409, message: '已经申请过注销，可以在隐私中心查看或撤回' },
  cancellation_none: { status: 409, message: '没有可以撤回的注销申请' },
  faq_not_found: { status: 404, message: '没有找到这条常见问题' },
  faq_conflict: { status: 409, message: '问法已存在，或别人刚改过这条，请刷新后再改' },
  faq_too_many: { status: 409, message: '常见问题最多 {max} 条' },
  conversation_not_found: { status: 404, message: '没有找到这段对话' },
  conversation_closed: { status: 409, message: '这段对话已经交还助手，请刷新' },
  complaint_bad_state: { status: 409, message: '投诉现在是“{state}”，不能这样处理，请刷新' },

  // rewards
  reward_not_found: { status: 404, message: '没有找到这件礼品' },
  reward_not_on_sale: { status: 409, message: '这件礼品没有在兑换' },
  reward_not_started: { status: 409, message: '还没开始兑换：{startsAt} 开始' },
  reward_over: { status: 409, message: '兑换已于 {endedAt} 结束' },
  reward_out_of_stock: { status: 409, message: '来晚一步，已兑完（共 {stock} 件）' },
  reward_member_limit: { status: 409, message: '每人限兑 {limit} 件，你已兑 {taken} 件' },
  reward_tier_required: { status: 409, message: '需要{required}及以上，当前是{actual}' },
  reward_method_wrong: { status: 400, message: '请选择领取方式' },
  reward_store_wrong: { status: 409, message: '{reason}' },
  reward_conflict: { status: 409, message: '别人刚改过这件礼品，请刷新后再改' },
  reward_bad_state: { status: 409, message: '礼品当前是“{state}”，不能做这个操作' },
  reward_not_editable: { status: 409, message: '礼品已上架，价格、限制和库存不能直接改' },
  reward_stock_below_used: { status: 409, message: '已兑出 {used} 件，库存不能减到 {wanted}' },
  reward_order_not_found: { status: 404, message: '没有找到这笔兑换' },
  reward_order_bad_state: { status: 409, message: '这笔兑换{state}，不能做这个操作' },
  pickup_code_invalid: { status: 400, message: '取货码不对，请核对后再试' },
  pickup_code_locked: { status: 429, message: '输错次数太多，请 {retryAfterSeconds} 秒后再试' },
  undo_too_late: { status: 409, message: '超过 {seconds} 秒，不能撤销了' },
  payment_unavailable: { status: 409, message: '现在不能在线支付，请改用只用积分的礼品' },
  payment_not_found: { status: 404, message: '没有找到这笔支付' },
  payment_notification_invalid: { status: 401, message: '支付回调的签名不对' },
  offline_earn_only: { status: 409, message: '离线会员码只能积分，核销请会员联网后再出示' },

  // scores
  score_settings_conflict: { status: 409, message: '别人刚改过评分设置，请刷新后再改' },
  score_alarm_not_found: { status: 404, message: '没有找到这条数据告警' },
  model_card_not_found: { status: 404, message: '没有找到这张模型卡' },

  // segments and tags
  segment_not_found: { status: 404, message: '没有找到这个人群' },
  segment_conflict: { status: 409, message: '别人刚改过这个人群，请刷新后再改' },
  segment_name_taken: { status: 409, message: '已经有叫“{name}”的人群' },
  segment_in_use: { status: 409, message: '这个人群正在被{users}使用，不能删除或停止跟踪' },
  segment_too_slow: {
    status: 503,
    message: '这些条件 {seconds} 秒内没有数完：请减少“买过商品”“做过互动”一类的条件，或缩短天数后再试',
  },
  segment_circular: { status: 409, message: '条件绕了一圈又用到了自己，请去掉其中一个' },
  tag_not_found: { status: 404, message: '没有找到这个标签' },
  tag_conflict: { status: 409, message: '别人刚改过这个标签，请刷新后再改' },
  tag_name_taken: { status: 409, message: '已经有叫“{name}”的标签' },
  tag_in_use: { status: 409, message: '这个标签正在被{users}使用，不能删除' },
  figure_of_group_only: { status: 403, message: '这项数据只有全部门店合计，不能按门店看' },
  dashboard_conflict: { status: 409, message: '别人刚改过，请刷新后再改' },
  tag_not_manual: { status: 409, message: '“{name}”由条件自动打上，不能手工增减' },

  // messages, campaigns, journeys
  message_not_found: { status: 404, message: '没有找到这条消息' },
  message_not_replayable: { status: 409, message: '只有送出过或失败了的 Webhook 可以重放' },
  message_template_not_found: { status: 404, message: '没有找到这个消息模板' },
  message_template_invalid: { status: 400, message: '消息模板不合渠道的限制：{reason}' },
  message_template_conflict: { status: 409, message: '别人刚改过这个模板，请刷新后再改' },
  message_settings_conflict: { status: 409, message: '别人刚改过消息设置，请刷新后再改' },
  message_endpoint_refused: { status: 400, message: '这个地址不能用：{reason}' },
  email_code_wrong: { status: 400, message: '确认码不对或已过期，请重新获取' },
  email_unavailable: { status: 502, message: '邮件暂时发不出去，请稍后再试' },
  campaign_not_found: { status: 404, message: '没有找到这个活动' },
  campaign_bad_state: { status: 409, message: '活动当前是“{state}”，不能做这个操作' },
  campaign_conflict: { status: 409, message: '别人刚改过这个活动，请刷新后再改' },
  campaign_invalid: { status: 400, message: '活动还不能发：{reason}' },
  banner_not_found: { status: 404, message: '没有找到这条横幅' },
  banner_bad_state: { status: 409, message: '横幅当前是“{state}”，不能做这个操作' },
  banner_conflict: { status: 409, message: '别人刚改过这条横幅，请刷新后再改' },
  banner_invalid: { status: 400, message: '横幅还不能这样：{reason}' },
  journey_not_found: { status: 404, message: '没有找到这个旅程' },
  journey_run_not_found: { status: 404, message: '没有找到这次旅程' },
  journey_bad_state: { status: 409, message: '旅程当前是“{state}”，不能做这个操作' },
  journey_conflict: { status: 409, message: '别人刚改过这个旅程，请刷新后再改' },
  journey_invalid: { status: 400, message: '旅程还不能发布：{reason}' },

  // recommendations
  recommendation_trace_invalid: { status: 400, message: '推荐编号无效或不属于你' },
  recommendation_rule_not_found: { status: 404, message: '没有找到这条推荐规则' },
  recommendation_rules_full: { status: 409, message: '推荐规则最多 {limit} 条，请先删掉不用的' },
  recommendation_target_unknown: { status: 409, message: '没有找到{kind}“{target}”' },

  // gifts between members
  transfer_self: { status: 409, message: '不能送给自己' },
  transfer_amount: { status: 400, message: '一次可送 {min}–{max} 积分' },
  transfer_day_limit: { status: 409, message: '今天已送 {limit} 次，明天再送' },
  transfer_day_points: { status: 409, message: '每天最多送 {limit} 积分，今天还可送 {left}' },
  transfer_too_soon: { status: 429, message: '送得太快了，{seconds} 秒后再试' },
  transfer_new_member: { status: 409, message: '入会满 {hours} 小时后才能送积分' },
  transfer_not_found: { status: 404, message: '没有找到这份积分' },
  transfer_closed: { status: 409, message: '这份积分已被领取、收回或过期' },
  coupon_not_giftable: { status: 409, message: '{reason}' },
  gift_not_found: { status: 404, message: '没有找到这份礼物' },
  gift_closed: { status: 409, message: '这份礼物已被领取、收回或过期' },
  gift_self: { status: 409, message: '这是你自己送出的，等好友来领吧' },

  // check-in
  checkin_done: { status: 409, message: '{on} 已经签到过了' },
  checkin_off: { status: 409, message: '签到暂时没有开放' },
  checkin_no_card: { status: 409, message: '没有补签卡，可以用积分买一张' },
  checkin_make_up_range: { status: 409, message: '只能补最近 {days} 天里漏掉的，且不早于第一次签到' },
  checkin_card_limit: { status: 409, message: '补签卡最多持有 {max} 张' },
  checkin_card_month_limit: { status: 409, message: '本月已买 {limit} 张补签卡，下月再来' },
  checkin_card_not_sold: { status: 409, message: '补签卡不出售，连续签到可以得到' },
  checkin_plan_conflict: { status: 409, message: '别人刚改过签到规则，请刷新后再改' },
  profile_plan_conflict: { status: 409, message: '别人刚改过资料规则，请刷新后再改' },

  // experiments
  experiment_not_found: { status: 404, message: '没有找到这个实验' },
  experiment_conflict: { status: 409, message: '别人刚改过这些设置，请刷新后再改' },

  undo_not_yours: { status: 403, message: '只能撤销自己刚录入的' },
  purchase_refunded: { status: 409, message: '这笔消费已经退过了' },
  offline_too_old: { status: 409, message: '离线记录超过 {days} 天，请店长手工处理' },
  offline_looks_repeated: { status: 409, message: '{at} 已有一笔同样金额的消费（{no}），确认不是同一笔再上传' },
  offline_who: { status: 400, message: '没有会员码也没有手机号' },
  offline_conflict_not_found: { status: 404, message: '没有找到这条离线记录' },

  // referrals
  invite_not_found: { status: 404, message: '没有这个邀请码' },
  invite_self: { status: 409, message: '不能填自己的邀请码' },
  invite_same_device: { status: 409, message: '和邀请人用过同一台设备，不能算邀请' },
  invite_bound: { status: 409, message: '已经填过邀请码了' },
  invite_too_late: { status: 409, message: '入会 {days} 天内、首次消费前才能填邀请码' },
  invite_off: { status: 409, message: '邀请活动暂时没有开放' },
  invite_circle: { status: 409, message: '邀请人是你邀请来的，不能互相邀请' },
  referral_not_found: { status: 404, message: '没有找到这个邀请' },
  referral_bad_state: { status: 409, message: '这个邀请{state}，不能再处理' },
  referral_plan_conflict: { status: 409, message: '别人刚改过邀请规则，请刷新后再改' },

  // shifts
  shift_open: { status: 409, message: '你在{store}还有没交的班，请先交班' },
  shift_not_found: { status: 404, message: '没有找到这个班次' },
  shift_closed: { status: 409, message: '这个班已经交过了' },

  // stores, operators, jobs
  store_not_found: { status: 404, message: '没有找到这家门店' },
  store_code_taken: { status: 409, message: '门店编号 {code} 已被使用' },
  operator_not_found: { status: 404, message: '没有找到这个账号' },
  username_taken: { status: 409, message: '登录名 {username} 已被使用' },
  last_owner: { status: 409, message: '至少要保留一个可登录的店主账号' },
  job_not_found: { status: 404, message: '没有找到这个任务' },
  job_running: { status: 409, message: '任务正在运行，请等它结束' },
} as const satisfies Record<string, { status: number; message: string }>

/** A code of the catalogue. */
export type ErrorCode = keyof typeof errors

/** What an error answer carries on the wire, under `error`. */
export interface ErrorBody {
  code: ErrorCode
  message: string
  details?: Record<string, unknown>
  requestId?: string
}

/** The sentence of a code with its details filled in; a missing detail leaves the place empty rather than showing braces. */
export const sentence = (code: ErrorCode, details: Record<string, unknown> = {}): string =>
  errors[code].message.replace(/\{(\w+)\}/g, (_, name: string) => String(details[name] ?? ''))
