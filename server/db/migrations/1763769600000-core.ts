import { createTables } from './table'

export const core = createTables('core1763769600000', [
 {
  "name": "care_gift",
  "columns": [
   { "name": "id", "type": "varchar", "length": "24", "isPrimary": true, "isNullable": false },
   { "name": "memberId", "type": "varchar", "length": "24", "isPrimary": false, "isNullable": false },
   { "name": "kind", "type": "varchar", "length": "64", "isPrimary": false, "isNullable": false },
   { "name": "giftYear", "type": "int", "isPrimary": false, "isNullable": false },
   { "name": "onDay", "type": "varchar", "length": "10", "isPrimary": false, "isNullable": false },
   { "name": "until", "type": "varchar", "length": "10", "isPrimary": false, "isNullable": false },
   { "name": "points", "type": "int", "isPrimary": false, "isNullable": false, "default": "0" },
   { "name": "couponIds", "type": "text", "isPrimary": false, "isNullable": true },
   { "name": "years", "type": "int", "isPrimary": false, "isNullable": false, "default": "0" },
   { "name": "contents", "type": "text", "isPrimary": false, "isNullable": false },
   { "name": "createdAt", "type": "bigint", "isPrimary": false, "isNullable": false },
   { "name": "openedAt", "type": "bigint", "isPrimary": false, "isNullable": true }
  ],
  "indices": [
   { "name": "care_gift_day", "columnNames": [ "onDay", "kind" ], "isUnique": false },
   { "name": "care_gift_once", "columnNames": [ "memberId", "kind", "giftYear" ], "isUnique": true }
  ]
 },
 {
  "name": "coupon_template",
  "columns": [
   { "name": "id", "type": "varchar", "length": "24", "isPrimary": true, "isNullable": false },
   { "name": "groupId", "type": "varchar", "length": "24", "isPrimary": false, "isNullable": false },
   { "name": "name", "type": "varchar", "length": "191", "isPrimary": false, "isNullable": false },
   { "name": "description", "type": "varchar", "length": "191", "isPrimary": false, "isNullable": false },
   { "name": "purpose", "type": "varchar", "length": "64", "isPrimary": false, "isNullable": true },
   { "name": "rule", "type": "text", "isPrimary": false, "isNullable": false },
   { "name": "state", "type": "varchar", "length": "64", "isPrimary": false, "isNullable": false },
   { "name": "version", "type": "int", "isPrimary": false, "isNullable": false, "default": "0" },
   { "name": "stock", "type": "int", "isPrimary": false, "isNullable": false, "default": "0" },
   { "name": "issued", "type": "int", "isPrimary": false, "isNullable": false, "default": "0" },
   { "name": "perMember", "type": "int", "isPrimary": false, "isNullable": false, "default": "0" },
   { "name": "perDay", "type": "int", "isPrimary": false, "isNullable": true },
   { "name": "issuedDay", "type": "varchar", "length": "10", "isPrimary": false, "isNullable": true },
   { "name": "issuedToday", "type": "int", "isPrimary": false, "isNullable": false, "default": "0" },
   { "name": "budgetFen", "type": "bigint", "isPrimary": false, "isNullable": true },
   { "name": "claimable", "type": "int", "isPrimary": false, "isNullable": false, "default": "0" },
   { "name": "claimFrom", "type": "bigint", "isPrimary": false, "isNullable": true },
   { "name": "claimUntil", "type": "bigint", "isPrimary": false, "isNullable": true },
   { "name": "createdAt", "type": "bigint", "isPrimary": false, "isNullable": false },
   { "name": "createdBy", "type": "varchar", "length": "24", "isPrimary": false, "isNullable": true },
   { "name": "publishedAt", "type": "bigint", "isPrimary": false, "isNullable": true },
   { "name": "endedAt", "type": "bigint", "isPrimary": false, "isNullable": true }
  ],
  "indices": [
   { "name": "coupon_template_state", "columnNames": [ "state", "id" ], "isUnique": false }
  ]
 },
 {
  "name": "coupon",
  "columns": [
   { "name": "id", "type": "varchar", "length": "24", "isPrimary": true, "isNullable": false },
   { "name": "templateId", "type": "varchar", "length": "24", "isPrimary": false, "isNullable": false },
   { "name": "memberId", "type": "varchar", "length": "24", "isPrimary": false, "isNullable": false },
   { "name": "ordinal", "type": "int", "isPrimary": false, "isNullable": false },
   { "name": "status", "type": "varchar", "length": "64", "isPrimary": false, "isNullable": false },
   { "name": "validFrom", "type": "bigint", "isPrimary": false, "isNullable": false },
   { "name": "validTo", "type": "bigint", "isPrimary": false, "isNullable": false },
   { "name": "source", "type": "varchar", "length": "64", "isPrimary": false, "isNullable": false },
   { "name": "sourceId", "type": "varchar", "length": "64", "isPrimary": false, "isNullable": true },
   { "name": "claimedAt", "type": "bigint", "isPrimary": false, "isNullable": false },
   { "name": "claimedOn", "type": "varchar", "length": "10", "isPrimary": false, "isNullable": false },
   { "name": "redeemedAt", "type": "bigint", "isPrimary": false, "isNullable": true },
   { "name": "redeemedOn", "type": "varchar", "length": "10", "isPrimary": false, "isNullable": true },
   { "name": "purchaseId", "type": "varchar", "length": "24", "isPrimary": false, "isNullable": true },
   { "name": "storeId", "type": "varchar", "length": "24", "isPrimary": false, "isNullable": true },
   { "name": "operatorId", "type": "varchar", "length": "24", "isPrimary": false, "isNullable": true },
   { "name": "savedFen", "type": "bigint", "isPrimary": false, "isNullable": false, "default": "0" }
  ],
  "indices": [
   { "name": "coupon_claimed", "columnNames": [ "claimedOn", "templateId" ], "isUnique": false },
   { "name": "coupon_redeemed", "columnNames": [ "redeemedOn", "templateId" ], "isUnique": false },
   { "name": "coupon_purchase", "columnNames": [ "purchaseId" ], "isUnique": false },
   { "name": "coupon_expiry", "columnNames": [ "status", "validTo" ], "isUnique": false },
   { "name": "coupon_wallet", "columnNames": [ "memberId", "status", "validTo" ], "isUnique": false },
   { "name": "coupon_ordinal", "columnNames": [ "templateId", "memberId", "ordinal" ], "isUnique": true }
  ]
 },
 {
  "name": "coupon_event",
  "columns": [
   { "name": "id", "type": "varchar", "length": "24", "isPrimary": true, "isNullable": false },
   { "name": "couponId", "type": "varchar", "length": "24", "isPrimary": false, "isNullable": false },
   { "name": "at", "type": "bigint", "isPrimary": false, "isNullable": false },
   { "name": "kind", "type": "varchar", "length": "64", "isPrimary": false, "isNullable": false },
   { "name": "operatorId", "type": "varchar", "length": "24", "isPrimary": false, "isNullable": true },
   { "name": "note", "type": "varchar", "length": "191", "isPrimary": false, "isNullable": false }
  ],
  "indices": [
   { "name": "coupon_event_coupon", "columnNames": [ "couponId", "id" ], "isUnique": false }
  ]
 },
 {
  "name": "idempotency",
  "columns": [
   { "name": "id", "type": "varchar", "length": "191", "isPrimary": true, "isNullable": false },
   { "name": "endpoint", "type": "varchar", "length": "191", "isPrimary": false, "isNullable": false },
   { "name": "requestHash", "type": "varchar", "length": "64", "isPrimary": false, "isNullable": false },
   { "name": "status", "type": "int", "isPrimary": false, "isNullable": false, "default": "0" },
   { "name": "response", "type": "text", "isPrimary": false, "isNullable": false },
   { "name": "createdAt", "type": "bigint", "isPrimary": false, "isNullable": false }
  ],
  "indices": [
   { "name": "idempotency_age", "columnNames": [ "createdAt" ], "isUnique": false }
  ]
 },
 {
  "name": "interaction",
  "columns": [
   { "name": "memberId", "type": "varchar", "length": "24", "isPrimary": true, "isNullable": false },
   { "name": "eventId", "type": "varchar", "length": "64", "isPrimary": true, "isNullable": false },
   { "name": "id", "type": "varchar", "length": "24", "isPrimary": false, "isNullable": false },
   { "name": "type", "type": "varchar", "length": "64", "isPrimary": false, "isNullable": false },
   { "name": "version", "type": "int", "isPrimary": false, "isNullable": false, "default": "1" },
   { "name": "at", "type": "bigint", "isPrimary": false, "isNullable": false },
   { "name": "onDay", "type": "varchar", "length": "10", "isPrimary": false, "isNullable": false },
   { "name": "receivedAt", "type": "bigint", "isPrimary": false, "isNullable": false },
   { "name": "page", "type": "varchar", "length": "64", "isPrimary": false, "isNullable": true },
   { "name": "target", "type": "varchar", "length": "191", "isPrimary": false, "isNullable": true },
   { "name": "x", "type": "int", "isPrimary": false, "isNullable": true },
   { "name": "y", "type": "int", "isPrimary": false, "isNullable": true },
   { "name": "origin", "type": "varchar", "length": "64", "isPrimary": false, "isNullable": false }
  ],
  "indices": [
   { "name": "interaction_type", "columnNames": [ "type", "onDay" ], "isUnique": false }
  ]
 },
 {
  "name": "job_run",
  "columns": [
   { "name": "name", "type": "varchar", "length": "64", "isPrimary": true, "isNullable": false },
   { "name": "slot", "type": "varchar", "length": "64", "isPrimary": true, "isNullable": false },
   { "name": "slotAt", "type": "bigint", "isPrimary": false, "isNullable": false },
   { "name": "state", "type": "varchar", "length": "64", "isPrimary": false, "isNullable": false },
   { "name": "owner", "type": "varchar", "length": "64", "isPrimary": false, "isNullable": false },
   { "name": "attempts", "type": "int", "isPrimary": false, "isNullable": false, "default": "0" },
   { "name": "startedAt", "type": "bigint", "isPrimary": false, "isNullable": false },
   { "name": "finishedAt", "type": "bigint", "isPrimary": false, "isNullable": true },
   { "name": "leaseUntil", "type": "bigint", "isPrimary": false, "isNullable": false },
   { "name": "cursor", "type": "text", "isPrimary": false, "isNullable": true },
   { "name": "processed", "type": "int", "isPrimary": false, "isNullable": false, "default": "0" },
   { "name": "failed", "type": "int", "isPrimary": false, "isNullable": false, "default": "0" },
   { "name": "errorSample", "type": "text", "isPrimary": false, "isNullable": true }
  ],
  "indices": [
   { "name": "job_run_latest", "columnNames": [ "name", "slotAt" ], "isUnique": false }
  ]
 },
 {
  "name": "member",
  "columns": [
   { "name": "id", "type": "varchar", "length": "24", "isPrimary": true, "isNullable": false },
   { "name": "groupId", "type": "varchar", "length": "24", "isPrimary": false, "isNullable": false },
   { "name": "cardNo", "type": "varchar", "length": "64", "isPrimary": false, "isNullable": false },
   { "name": "name", "type": "varchar", "length": "191", "isPrimary": false, "isNullable": false },
   { "name": "avatar", "type": "varchar", "length": "191", "isPrimary": false, "isNullable": true },
   { "name": "gender", "type": "varchar", "length": "64", "isPrimary": false, "isNullable": false },
   { "name": "phoneHash", "type": "varchar", "length": "191", "isPrimary": false, "isNullable": true },
   { "name": "phoneSealed", "type": "varchar", "length": "191", "isPrimary": false, "isNullable": true },
   { "name": "birthdaySealed", "type": "varchar", "length": "191", "isPrimary": false, "isNullable": true },
   { "name": "birthdayKey", "type": "varchar", "length": "64", "isPrimary": false, "isNullable": true },
   { "name": "birthdayChangedOn", "type": "varchar", "length": "10", "isPrimary": false, "isNullable": true },
   { "name": "joinedAt", "type": "bigint", "isPrimary": false, "isNullable": false },
   { "name": "joinedOn", "type": "varchar", "length": "10", "isPrimary": false, "isNullable": false },
   { "name": "joinedMonthDay", "type": "varchar", "length": "5", "isPrimary": false, "isNullable": false },
   { "name": "joinedStoreId", "type": "varchar", "length": "24", "isPrimary": false, "isNullable": true },
   { "name": "joinedBy", "type": "varchar", "length": "64", "isPrimary": false, "isNullable": false },
   { "name": "status", "type": "varchar", "length": "64", "isPrimary": false, "isNullable": false },
   { "name": "tierLevel", "type": "int", "isPrimary": false, "isNullable": false, "default": "0" },
   { "name": "personalised", "type": "int", "isPrimary": false, "isNullable": false, "default": "1" }
  ],
  "indices": [
   { "name": "member_name", "columnNames": [ "name", "id" ], "isUnique": false },
   { "name": "member_store", "columnNames": [ "joinedStoreId", "joinedAt", "id" ], "isUnique": false },
   { "name": "member_tier", "columnNames": [ "tierLevel", "joinedAt", "id", "status" ], "isUnique": false },
   { "name": "member_anniversary", "columnNames": [ "joinedMonthDay", "id" ], "isUnique": false },
   { "name": "member_joined", "columnNames": [ "joinedAt", "id" ], "isUnique": false },
   { "name": "member_birthday", "columnNames": [ "birthdayKey", "id" ], "isUnique": false },
   { "name": "member_phone", "columnNames": [ "phoneHash" ], "isUnique": true },
   { "name": "member_card", "columnNames": [ "cardNo" ], "isUnique": true }
  ]
 },
 {
  "name": "member_identity",
  "columns": [
   { "name": "kind", "type": "varchar", "length": "64", "isPrimary": true, "isNullable": false },
   { "name": "valueHash", "type": "varchar", "length": "191", "isPrimary": true, "isNullable": false },
   { "name": "memberId", "type": "varchar", "length": "24", "isPrimary": false, "isNullable": false },
   { "name": "valueSealed", "type": "varchar", "length": "500", "isPrimary": false, "isNullable": false },
   { "name": "createdAt", "type": "bigint", "isPrimary": false, "isNullable": false }
  ],
  "indices": [
   { "name": "member_identity_member", "columnNames": [ "memberId" ], "isUnique": false }
  ]
 },
 {
  "name": "sms_code",
  "columns": [
   { "name": "id", "type": "varchar", "length": "24", "isPrimary": true, "isNullable": false },
   { "name": "phoneHash", "type": "varchar", "length": "191", "isPrimary": false, "isNullable": false },
   { "name": "codeHash", "type": "varchar", "length": "64", "isPrimary": false, "isNullable": false },
   { "name": "createdAt", "type": "bigint", "isPrimary": false, "isNullable": false },
   { "name": "expiresAt", "type": "bigint", "isPrimary": false, "isNullable": false },
   { "name": "attempts", "type": "int", "isPrimary": false, "isNullable": false, "default": "0" },
   { "name": "usedAt", "type": "bigint", "isPrimary": false, "isNullable": true }
  ],
  "indices": [
   { "name": "sms_code_phone", "columnNames": [ "phoneHash", "createdAt" ], "isUnique": false }
  ]
 },
 {
  "name": "code_handle",
  "columns": [
   { "name": "handle", "type": "varchar", "length": "9", "isPrimary": true, "isNullable": false },
   { "name": "memberId", "type": "varchar", "length": "24", "isPrimary": false, "isNullable": false },
   { "name": "sessionId", "type": "varchar", "length": "24", "isPrimary": false, "isNullable": false },
   { "name": "keySealed", "type": "varchar", "length": "191", "isPrimary": false, "isNullable": false },
   { "name": "createdAt", "type": "bigint", "isPrimary": false, "isNullable": false },
   { "name": "generation", "type": "int", "isPrimary": false, "isNullable": false, "default": "0" }
  ],
  "indices": [
   { "name": "code_handle_member", "columnNames": [ "memberId" ], "isUnique": false },
   { "name": "code_handle_session", "columnNames": [ "sessionId" ], "isUnique": true }
  ]
 },
 {
  "name": "code_use",
  "columns": [
   { "name": "handle", "type": "varchar", "length": "9", "isPrimary": true, "isNullable": false },
   { "name": "generation", "type": "int", "isPrimary": true, "isNullable": false },
   { "name": "step", "type": "int", "isPrimary": true, "isNullable": false },
   { "name": "at", "type": "bigint", "isPrimary": false, "isNullable": false },
   { "name": "storeId", "type": "varchar", "length": "24", "isPrimary": false, "isNullable": false }
  ],
  "indices": []
 },
 {
  "name": "code_refusal",
  "columns": [
   { "name": "id", "type": "varchar", "length": "24", "isPrimary": true, "isNullable": false },
   { "name": "at", "type": "bigint", "isPrimary": false, "isNullable": false },
   { "name": "memberId", "type": "varchar", "length": "24", "isPrimary": false, "isNullable": true },
   { "name": "storeId", "type": "varchar", "length": "24", "isPrimary": false, "isNullable": false },
   { "name": "operatorId", "type": "varchar", "length": "24", "isPrimary": false, "isNullable": false },
   { "name": "refusal", "type": "varchar", "length": "64", "isPrimary": false, "isNullable": false },
   { "name": "handle", "type": "varchar", "length": "64", "isPrimary": false, "isNullable": true }
  ],
  "indices": [
   { "name": "code_refusal_at", "columnNames": [ "at" ], "isUnique": false }
  ]
 },
 {
  "name": "scan",
  "columns": [
   { "name": "id", "type": "varchar", "length": "24", "isPrimary": true, "isNullable": false },
   { "name": "memberId", "type": "varchar", "length": "24", "isPrimary": false, "isNullable": false },
   { "name": "storeId", "type": "varchar", "length": "24", "isPrimary": false, "isNullable": false },
   { "name": "operatorId", "type": "varchar", "length": "24", "isPrimary": false, "isNullable": false },
   { "name": "via", "type": "varchar", "length": "64", "isPrimary": false, "isNullable": false },
   { "name": "createdAt", "type": "bigint", "isPrimary": false, "isNullable": false },
   { "name": "expiresAt", "type": "bigint", "isPrimary": false, "isNullable": false }
  ],
  "indices": [
   { "name": "scan_member", "columnNames": [ "memberId", "id" ], "isUnique": false }
  ]
 },
 {
  "name": "message",
  "columns": [
   { "name": "id", "type": "varchar", "length": "24", "isPrimary": true, "isNullable": false },
   { "name": "dedupeKey", "type": "varchar", "length": "191", "isPrimary": false, "isNullable": false },
   { "name": "memberId", "type": "varchar", "length": "24", "isPrimary": false, "isNullable": false },
   { "name": "channel", "type": "varchar", "length": "64", "isPrimary": false, "isNullable": false },
   { "name": "kind", "type": "varchar", "length": "64", "isPrimary": false, "isNullable": false },
   { "name": "title", "type": "varchar", "length": "191", "isPrimary": false, "isNullable": false },
   { "name": "text", "type": "text", "isPrimary": false, "isNullable": false },
   { "name": "page", "type": "varchar", "length": "191", "isPrimary": false, "isNullable": true },
   { "name": "data", "type": "text", "isPrimary": false, "isNullable": true },
   { "name": "status", "type": "varchar", "length": "64", "isPrimary": false, "isNullable": false },
   { "name": "reason", "type": "varchar", "length": "191", "isPrimary": false, "isNullable": true },
   { "name": "attempts", "type": "int", "isPrimary": false, "isNullable": false, "default": "0" },
   { "name": "nextAttemptAt", "type": "bigint", "isPrimary": false, "isNullable": false },
   { "name": "claimedBy", "type": "varchar", "length": "64", "isPrimary": false, "isNullable": true },
   { "name": "leaseUntil", "type": "bigint", "isPrimary": false, "isNullable": true },
   { "name": "templateId", "type": "varchar", "length": "64", "isPrimary": false, "isNullable": true },
   { "name": "externalId", "type": "varchar", "length": "64", "isPrimary": false, "isNullable": true },
   { "name": "createdAt", "type": "bigint", "isPrimary": false, "isNullable": false },
   { "name": "sentAt", "type": "bigint", "isPrimary": false, "isNullable": true },
   { "name": "readAt", "type": "bigint", "isPrimary": false, "isNullable": true }
  ],
  "indices": [
   { "name": "message_external", "columnNames": [ "externalId" ], "isUnique": false },
   { "name": "message_inbox", "columnNames": [ "memberId", "channel", "id" ], "isUnique": false },
   { "name": "message_due", "columnNames": [ "status", "nextAttemptAt" ], "isUnique": false },
   { "name": "message_dedupe", "columnNames": [ "dedupeKey" ], "isUnique": true }
  ]
 },
 {
  "name": "subscribe_grant",
  "columns": [
   { "name": "id", "type": "varchar", "length": "24", "isPrimary": true, "isNullable": false },
   { "name": "memberId", "type": "varchar", "length": "24", "isPrimary": false, "isNullable": false },
   { "name": "templateId", "type": "varchar", "length": "64", "isPrimary": false, "isNullable": false },
   { "name": "sourceKey", "type": "varchar", "length": "191", "isPrimary": false, "isNullable": false },
   { "name": "echoKey", "type": "varchar", "length": "191", "isPrimary": false, "isNullable": true },
   { "name": "status", "type": "varchar", "length": "64", "isPrimary": false, "isNullable": false },
   { "name": "grantedAt", "type": "bigint", "isPrimary": false, "isNullable": false },
   { "name": "consumedAt", "type": "bigint", "isPrimary": false, "isNullable": true },
   { "name": "messageId", "type": "varchar", "length": "24", "isPrimary": false, "isNullable": true }
  ],
  "indices": [
   { "name": "subscribe_grant_echo", "columnNames": [ "echoKey" ], "isUnique": true },
   { "name": "subscribe_grant_source", "columnNames": [ "sourceKey" ], "isUnique": true },
   { "name": "subscribe_grant_open", "columnNames": [ "memberId", "templateId", "status" ], "isUnique": false }
  ]
 },
 {
  "name": "shared_value",
  "columns": [
   { "name": "name", "type": "varchar", "length": "64", "isPrimary": true, "isNullable": false },
   { "name": "value", "type": "text", "isPrimary": false, "isNullable": false },
   { "name": "expiresAt", "type": "bigint", "isPrimary": false, "isNullable": false }
  ],
  "indices": []
 },
 {
  "name": "brand_group",
  "columns": [
   { "name": "id", "type": "varchar", "length": "24", "isPrimary": true, "isNullable": false },
   { "name": "name", "type": "varchar", "length": "191", "isPrimary": false, "isNullable": false }
  ],
  "indices": []
 },
 {
  "name": "brand",
  "columns": [
   { "name": "id", "type": "varchar", "length": "24", "isPrimary": true, "isNullable": false },
   { "name": "groupId", "type": "varchar", "length": "24", "isPrimary": false, "isNullable": false },
   { "name": "name", "type": "varchar", "length": "191", "isPrimary": false, "isNullable": false }
  ],
  "indices": []
 },
 {
  "name": "store",
  "columns": [
   { "name": "id", "type": "varchar", "length": "24", "isPrimary": true, "isNullable": false },
   { "name": "brandId", "type": "varchar", "length": "24", "isPrimary": false, "isNullable": false },
   { "name": "code", "type": "varchar", "length": "64", "isPrimary": false, "isNullable": false },
   { "name": "name", "type": "varchar", "length": "191", "isPrimary": false, "isNullable": false },
   { "name": "address", "type": "varchar", "length": "191", "isPrimary": false, "isNullable": false },
   { "name": "hours", "type": "varchar", "length": "191", "isPrimary": false, "isNullable": false },
   { "name": "phone", "type": "varchar", "length": "191", "isPrimary": false, "isNullable": false },
   { "name": "active", "type": "int", "isPrimary": false, "isNullable": false, "default": "0" },
   { "name": "createdAt", "type": "bigint", "isPrimary": false, "isNullable": false }
  ],
  "indices": [
   { "name": "store_code", "columnNames": [ "code" ], "isUnique": true }
  ]
 },
 {
  "name": "operator",
  "columns": [
   { "name": "id", "type": "varchar", "length": "24", "isPrimary": true, "isNullable": false },
   { "name": "username", "type": "varchar", "length": "64", "isPrimary": false, "isNullable": false },
   { "name": "name", "type": "varchar", "length": "191", "isPrimary": false, "isNullable": false },
   { "name": "role", "type": "varchar", "length": "64", "isPrimary": false, "isNullable": false },
   { "name": "passwordHash", "type": "varchar", "length": "191", "isPrimary": false, "isNullable": false },
   { "name": "phoneHash", "type": "varchar", "length": "191", "isPrimary": false, "isNullable": true },
   { "name": "phoneSealed", "type": "varchar", "length": "191", "isPrimary": false, "isNullable": true },
   { "name": "active", "type": "int", "isPrimary": false, "isNullable": false, "default": "0" },
   { "name": "allStores", "type": "int", "isPrimary": false, "isNullable": false, "default": "0" },
   { "name": "createdAt", "type": "bigint", "isPrimary": false, "isNullable": false },
   { "name": "lastSeenAt", "type": "bigint", "isPrimary": false, "isNullable": true }
  ],
  "indices": [
   { "name": "operator_phone", "columnNames": [ "phoneHash" ], "isUnique": true },
   { "name": "operator_username", "columnNames": [ "username" ], "isUnique": true }
  ]
 },
 {
  "name": "operator_store",
  "columns": [
   { "name": "operatorId", "type": "varchar", "length": "24", "isPrimary": true, "isNullable": false },
   { "name": "storeId", "type": "varchar", "length": "24", "isPrimary": true, "isNullable": false }
  ],
  "indices": [
   { "name": "operator_store_by_store", "columnNames": [ "storeId" ], "isUnique": false }
  ]
 },
 {
  "name": "session",
  "columns": [
   { "name": "id", "type": "varchar", "length": "24", "isPrimary": true, "isNullable": false },
   { "name": "kind", "type": "varchar", "length": "64", "isPrimary": false, "isNullable": false },
   { "name": "subjectId", "type": "varchar", "length": "24", "isPrimary": false, "isNullable": false },
   { "name": "deviceId", "type": "varchar", "length": "64", "isPrimary": false, "isNullable": false },
   { "name": "platform", "type": "varchar", "length": "64", "isPrimary": false, "isNullable": false },
   { "name": "refreshHash", "type": "varchar", "length": "64", "isPrimary": false, "isNullable": false },
   { "name": "previousHash", "type": "varchar", "length": "64", "isPrimary": false, "isNullable": true },
   { "name": "createdAt", "type": "bigint", "isPrimary": false, "isNullable": false },
   { "name": "refreshedAt", "type": "bigint", "isPrimary": false, "isNullable": false },
   { "name": "expiresAt", "type": "bigint", "isPrimary": false, "isNullable": false },
   { "name": "revokedAt", "type": "bigint", "isPrimary": false, "isNullable": true }
  ],
  "indices": [
   { "name": "session_subject", "columnNames": [ "kind", "subjectId" ], "isUnique": false },
   { "name": "session_previous", "columnNames": [ "previousHash" ], "isUnique": false },
   { "name": "session_refresh", "columnNames": [ "refreshHash" ], "isUnique": true }
  ]
 },
 {
  "name": "attempt",
  "columns": [
   { "name": "scope", "type": "varchar", "length": "64", "isPrimary": true, "isNullable": false },
   { "name": "target", "type": "varchar", "length": "191", "isPrimary": true, "isNullable": false },
   { "name": "failures", "type": "int", "isPrimary": false, "isNullable": false, "default": "0" },
   { "name": "windowStartedAt", "type": "bigint", "isPrimary": false, "isNullable": false },
   { "name": "lockedUntil", "type": "bigint", "isPrimary": false, "isNullable": true }
  ],
  "indices": []
 },
 {
  "name": "audit",
  "columns": [
   { "name": "id", "type": "varchar", "length": "24", "isPrimary": true, "isNullable": false },
   { "name": "at", "type": "bigint", "isPrimary": false, "isNullable": false },
   { "name": "onDay", "type": "varchar", "length": "10", "isPrimary": false, "isNullable": true },
   { "name": "operatorId", "type": "varchar", "length": "24", "isPrimary": false, "isNullable": true },
   { "name": "action", "type": "varchar", "length": "191", "isPrimary": false, "isNullable": false },
   { "name": "subjectId", "type": "varchar", "length": "24", "isPrimary": false, "isNullable": true },
   { "name": "detail", "type": "text", "isPrimary": false, "isNullable": false },
   { "name": "requestId", "type": "varchar", "length": "64", "isPrimary": false, "isNullable": false },
   { "name": "ip", "type": "varchar", "length": "64", "isPrimary": false, "isNullable": false }
  ],
  "indices": [
   { "name": "audit_subject", "columnNames": [ "subjectId", "id" ], "isUnique": false },
   { "name": "audit_operator", "columnNames": [ "operatorId", "id" ], "isUnique": false },
   { "name": "audit_action", "columnNames": [ "action", "id" ], "isUnique": false }
  ]
 },
 {
  "name": "points_account",
  "columns": [
   { "name": "memberId", "type": "varchar", "length": "24", "isPrimary": true, "isNullable": false },
   { "name": "walletId", "type": "varchar", "length": "24", "isPrimary": true, "isNullable": false },
   { "name": "balance", "type": "bigint", "isPrimary": false, "isNullable": false, "default": "0" },
   { "name": "debt", "type": "bigint", "isPrimary": false, "isNullable": false, "default": "0" },
   { "name": "seq", "type": "int", "isPrimary": false, "isNullable": false, "default": "0" },
   { "name": "updatedAt", "type": "bigint", "isPrimary": false, "isNullable": false }
  ],
  "indices": []
 },
 {
  "name": "points_entry",
  "columns": [
   { "name": "memberId", "type": "varchar", "length": "24", "isPrimary": true, "isNullable": false },
   { "name": "walletId", "type": "varchar", "length": "24", "isPrimary": true, "isNullable": false },
   { "name": "seq", "type": "int", "isPrimary": true, "isNullable": false },
   { "name": "at", "type": "bigint", "isPrimary": false, "isNullable": false },
   { "name": "onDay", "type": "varchar", "length": "10", "isPrimary": false, "isNullable": false },
   { "name": "amount", "type": "bigint", "isPrimary": false, "isNullable": false, "default": "0" },
   { "name": "balanceAfter", "type": "bigint", "isPrimary": false, "isNullable": false, "default": "0" },
   { "name": "kind", "type": "varchar", "length": "64", "isPrimary": false, "isNullable": false },
   { "name": "sourceType", "type": "varchar", "length": "64", "isPrimary": false, "isNullable": false },
   { "name": "sourceId", "type": "varchar", "length": "64", "isPrimary": false, "isNullable": true },
   { "name": "note", "type": "varchar", "length": "191", "isPrimary": false, "isNullable": false }
  ],
  "indices": [
   { "name": "points_entry_source", "columnNames": [ "sourceId", "sourceType" ], "isUnique": false }
  ]
 },
 {
  "name": "points_lot",
  "columns": [
   { "name": "memberId", "type": "varchar", "length": "24", "isPrimary": true, "isNullable": false },
   { "name": "walletId", "type": "varchar", "length": "24", "isPrimary": true, "isNullable": false },
   { "name": "seq", "type": "int", "isPrimary": true, "isNullable": false },
   { "name": "amount", "type": "bigint", "isPrimary": false, "isNullable": false, "default": "0" },
   { "name": "remaining", "type": "bigint", "isPrimary": false, "isNullable": false, "default": "0" },
   { "name": "expiresOn", "type": "varchar", "length": "10", "isPrimary": false, "isNullable": true }
  ],
  "indices": [
   { "name": "points_lot_expiry", "columnNames": [ "expiresOn", "memberId" ], "isUnique": false }
  ]
 },
 {
  "name": "points_lot_move",
  "columns": [
   { "name": "memberId", "type": "varchar", "length": "24", "isPrimary": true, "isNullable": false },
   { "name": "walletId", "type": "varchar", "length": "24", "isPrimary": true, "isNullable": false },
   { "name": "seq", "type": "int", "isPrimary": true, "isNullable": false },
   { "name": "lotSeq", "type": "int", "isPrimary": true, "isNullable": false },
   { "name": "delta", "type": "bigint", "isPrimary": false, "isNullable": false, "default": "0" }
  ],
  "indices": []
 },
 {
  "name": "points_reversal",
  "columns": [
   { "name": "memberId", "type": "varchar", "length": "24", "isPrimary": true, "isNullable": false },
   { "name": "walletId", "type": "varchar", "length": "24", "isPrimary": true, "isNullable": false },
   { "name": "seq", "type": "int", "isPrimary": true, "isNullable": false },
   { "name": "bySeq", "type": "int", "isPrimary": false, "isNullable": false, "default": "0" }
  ],
  "indices": []
 },
 {
  "name": "purchase",
  "columns": [
   { "name": "id", "type": "varchar", "length": "24", "isPrimary": true, "isNullable": false },
   { "name": "source", "type": "varchar", "length": "64", "isPrimary": false, "isNullable": false },
   { "name": "externalNo", "type": "varchar", "length": "64", "isPrimary": false, "isNullable": false },
   { "name": "contentHash", "type": "varchar", "length": "64", "isPrimary": false, "isNullable": false },
   { "name": "memberId", "type": "varchar", "length": "24", "isPrimary": false, "isNullable": false },
   { "name": "storeId", "type": "varchar", "length": "24", "isPrimary": false, "isNullable": false },
   { "name": "operatorId", "type": "varchar", "length": "24", "isPrimary": false, "isNullable": true },
   { "name": "at", "type": "bigint", "isPrimary": false, "isNullable": false },
   { "name": "onDay", "type": "varchar", "length": "10", "isPrimary": false, "isNullable": false },
   { "name": "amountFen", "type": "bigint", "isPrimary": false, "isNullable": false, "default": "0" },
   { "name": "discountFen", "type": "bigint", "isPrimary": false, "isNullable": false, "default": "0" },
   { "name": "paidFen", "type": "bigint", "isPrimary": false, "isNullable": false, "default": "0" },
   { "name": "refundedFen", "type": "bigint", "isPrimary": false, "isNullable": false, "default": "0" },
   { "name": "multiplierBp", "type": "int", "isPrimary": false, "isNullable": false, "default": "0" },
   { "name": "pointsEarned", "type": "int", "isPrimary": false, "isNullable": false, "default": "0" },
   { "name": "pointsTakenBack", "type": "int", "isPrimary": false, "isNullable": false, "default": "0" },
   { "name": "pointsSeq", "type": "int", "isPrimary": false, "isNullable": false, "default": "0" },
   { "name": "growthEarned", "type": "int", "isPrimary": false, "isNullable": false, "default": "0" },
   { "name": "growthTakenBack", "type": "int", "isPrimary": false, "isNullable": false, "default": "0" },
   { "name": "status", "type": "varchar", "length": "64", "isPrimary": false, "isNullable": false },
   { "name": "refundedAt", "type": "bigint", "isPrimary": false, "isNullable": true }
  ],
  "indices": [
   { "name": "purchase_day", "columnNames": [ "onDay", "storeId", "at", "paidFen", "pointsEarned" ], "isUnique": false },
   { "name": "purchase_store", "columnNames": [ "storeId", "at" ], "isUnique": false },
   { "name": "purchase_member", "columnNames": [ "memberId", "at" ], "isUnique": false },
   { "name": "purchase_external", "columnNames": [ "source", "externalNo" ], "isUnique": true }
  ]
 },
 {
  "name": "purchase_line",
  "columns": [
   { "name": "purchaseId", "type": "varchar", "length": "24", "isPrimary": true, "isNullable": false },
   { "name": "lineNo", "type": "int", "isPrimary": true, "isNullable": false },
   { "name": "productId", "type": "varchar", "length": "64", "isPrimary": false, "isNullable": false },
   { "name": "name", "type": "varchar", "length": "191", "isPrimary": false, "isNullable": false },
   { "name": "category", "type": "varchar", "length": "64", "isPrimary": false, "isNullable": false },
   { "name": "quantity", "type": "int", "isPrimary": false, "isNullable": false, "default": "0" },
   { "name": "unitFen", "type": "bigint", "isPrimary": false, "isNullable": false, "default": "0" },
   { "name": "amountFen", "type": "bigint", "isPrimary": false, "isNullable": false, "default": "0" },
   { "name": "refundedQuantity", "type": "int", "isPrimary": false, "isNullable": false, "default": "0" }
  ],
  "indices": [
   { "name": "purchase_line_product", "columnNames": [ "productId" ], "isUnique": false }
  ]
 },
 {
  "name": "refund",
  "columns": [
   { "name": "id", "type": "varchar", "length": "24", "isPrimary": true, "isNullable": false },
   { "name": "source", "type": "varchar", "length": "64", "isPrimary": false, "isNullable": false },
   { "name": "externalNo", "type": "varchar", "length": "64", "isPrimary": false, "isNullable": false },
   { "name": "purchaseId", "type": "varchar", "length": "24", "isPrimary": false, "isNullable": false },
   { "name": "memberId", "type": "varchar", "length": "24", "isPrimary": false, "isNullable": false },
   { "name": "storeId", "type": "varchar", "length": "24", "isPrimary": false, "isNullable": false },
   { "name": "operatorId", "type": "varchar", "length": "24", "isPrimary": false, "isNullable": true },
   { "name": "at", "type": "bigint", "isPrimary": false, "isNullable": false },
   { "name": "onDay", "type": "varchar", "length": "10", "isPrimary": false, "isNullable": false },
   { "name": "amountFen", "type": "bigint", "isPrimary": false, "isNullable": false, "default": "0" },
   { "name": "pointsTakenBack", "type": "int", "isPrimary": false, "isNullable": false, "default": "0" },
   { "name": "pointsOwed", "type": "int", "isPrimary": false, "isNullable": false, "default": "0" },
   { "name": "growthTakenBack", "type": "int", "isPrimary": false, "isNullable": false, "default": "0" },
   { "name": "reason", "type": "varchar", "length": "191", "isPrimary": false, "isNullable": false }
  ],
  "indices": [
   { "name": "refund_day", "columnNames": [ "onDay" ], "isUnique": false },
   { "name": "refund_member", "columnNames": [ "memberId", "at" ], "isUnique": false },
   { "name": "refund_purchase", "columnNames": [ "purchaseId" ], "isUnique": false },
   { "name": "refund_external", "columnNames": [ "source", "externalNo" ], "isUnique": true }
  ]
 },
 {
  "name": "refund_line",
  "columns": [
   { "name": "refundId", "type": "varchar", "length": "24", "isPrimary": true, "isNullable": false },
   { "name": "lineNo", "type": "int", "isPrimary": true, "isNullable": false },
   { "name": "quantity", "type": "int", "isPrimary": false, "isNullable": false, "default": "0" },
   { "name": "amountFen", "type": "bigint", "isPrimary": false, "isNullable": false, "default": "0" }
  ],
  "indices": []
 },
 {
  "name": "product",
  "columns": [
   { "name": "id", "type": "varchar", "length": "64", "isPrimary": true, "isNullable": false },
   { "name": "name", "type": "varchar", "length": "191", "isPrimary": false, "isNullable": false },
   { "name": "category", "type": "varchar", "length": "64", "isPrimary": false, "isNullable": false },
   { "name": "priceFen", "type": "bigint", "isPrimary": false, "isNullable": false, "default": "0" },
   { "name": "active", "type": "int", "isPrimary": false, "isNullable": false, "default": "0" }
  ],
  "indices": []
 },
 {
  "name": "member_stats",
  "columns": [
   { "name": "memberId", "type": "varchar", "length": "24", "isPrimary": true, "isNullable": false },
   { "name": "purchases", "type": "int", "isPrimary": false, "isNullable": false, "default": "0" },
   { "name": "spendFen", "type": "bigint", "isPrimary": false, "isNullable": false, "default": "0" },
   { "name": "refundFen", "type": "bigint", "isPrimary": false, "isNullable": false, "default": "0" },
   { "name": "savedFen", "type": "bigint", "isPrimary": false, "isNullable": false, "default": "0" },
   { "name": "firstPurchaseAt", "type": "bigint", "isPrimary": false, "isNullable": false },
   { "name": "lastPurchaseAt", "type": "bigint", "isPrimary": false, "isNullable": false },
   { "name": "lastStoreId", "type": "varchar", "length": "64", "isPrimary": false, "isNullable": true }
  ],
  "indices": [
   { "name": "member_stats_store", "columnNames": [ "lastStoreId", "memberId" ], "isUnique": false },
   { "name": "member_stats_last", "columnNames": [ "lastPurchaseAt", "memberId", "lastStoreId" ], "isUnique": false },
   { "name": "member_stats_spend", "columnNames": [ "spendFen", "memberId" ], "isUnique": false }
  ]
 },
 {
  "name": "tier",
  "columns": [
   { "name": "trackId", "type": "varchar", "length": "24", "isPrimary": true, "isNullable": false },
   { "name": "level", "type": "int", "isPrimary": true, "isNullable": false },
   { "name": "name", "type": "varchar", "length": "191", "isPrimary": false, "isNullable": false },
   { "name": "threshold", "type": "int", "isPrimary": false, "isNullable": false, "default": "0" },
   { "name": "multiplierBp", "type": "int", "isPrimary": false, "isNullable": false, "default": "0" },
   { "name": "benefits", "type": "text", "isPrimary": false, "isNullable": false }
  ],
  "indices": []
 },
 {
  "name": "growth_account",
  "columns": [
   { "name": "memberId", "type": "varchar", "length": "24", "isPrimary": true, "isNullable": false },
   { "name": "trackId", "type": "varchar", "length": "24", "isPrimary": true, "isNullable": false },
   { "name": "growth", "type": "bigint", "isPrimary": false, "isNullable": false, "default": "0" },
   { "name": "seq", "type": "int", "isPrimary": false, "isNullable": false, "default": "0" },
   { "name": "level", "type": "int", "isPrimary": false, "isNullable": false, "default": "0" },
   { "name": "since", "type": "varchar", "length": "10", "isPrimary": false, "isNullable": false },
   { "name": "validUntil", "type": "varchar", "length": "10", "isPrimary": false, "isNullable": true },
   { "name": "expiredThrough", "type": "varchar", "length": "10", "isPrimary": false, "isNullable": true }
  ],
  "indices": [
   { "name": "growth_account_review", "columnNames": [ "validUntil", "memberId" ], "isUnique": false }
  ]
 },
 {
  "name": "growth_entry",
  "columns": [
   { "name": "memberId", "type": "varchar", "length": "24", "isPrimary": true, "isNullable": false },
   { "name": "trackId", "type": "varchar", "length": "24", "isPrimary": true, "isNullable": false },
   { "name": "seq", "type": "int", "isPrimary": true, "isNullable": false },
   { "name": "at", "type": "bigint", "isPrimary": false, "isNullable": false },
   { "name": "earnedOn", "type": "varchar", "length": "10", "isPrimary": false, "isNullable": false },
   { "name": "amount", "type": "bigint", "isPrimary": false, "isNullable": false, "default": "0" },
   { "name": "growthAfter", "type": "bigint", "isPrimary": false, "isNullable": false, "default": "0" },
   { "name": "kind", "type": "varchar", "length": "64", "isPrimary": false, "isNullable": false },
   { "name": "sourceType", "type": "varchar", "length": "64", "isPrimary": false, "isNullable": false },
   { "name": "sourceId", "type": "varchar", "length": "64", "isPrimary": false, "isNullable": true }
  ],
  "indices": [
   { "name": "growth_entry_window", "columnNames": [ "earnedOn", "memberId" ], "isUnique": false }
  ]
 },
 {
  "name": "tier_change",
  "columns": [
   { "name": "id", "type": "varchar", "length": "24", "isPrimary": true, "isNullable": false },
   { "name": "memberId", "type": "varchar", "length": "24", "isPrimary": false, "isNullable": false },
   { "name": "trackId", "type": "varchar", "length": "24", "isPrimary": false, "isNullable": false },
   { "name": "at", "type": "bigint", "isPrimary": false, "isNullable": false },
   { "name": "fromLevel", "type": "int", "isPrimary": false, "isNullable": true },
   { "name": "toLevel", "type": "int", "isPrimary": false, "isNullable": false },
   { "name": "direction", "type": "varchar", "length": "64", "isPrimary": false, "isNullable": false },
   { "name": "reason", "type": "varchar", "length": "191", "isPrimary": false, "isNullable": false },
   { "name": "validUntil", "type": "varchar", "length": "10", "isPrimary": false, "isNullable": true }
  ],
  "indices": [
   { "name": "tier_change_member", "columnNames": [ "memberId", "id" ], "isUnique": false }
  ]
 }
])
