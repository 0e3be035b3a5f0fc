import { Checkbox, Form, Input, InputNumber, Segmented, Select } from 'antd'
import { MomentRangePicker, Section } from '../coupons/fieldKit'
import { ArtPicker } from './ArtPicker'
import type { Fields } from './draft'

/** What the fields need to know besides their values. */
export interface FieldContext {
  kind: Fields['kind']
  pickup: boolean
  /** True once published: what it costs and gives is fixed. */
  frozen: boolean
  stores: readonly { id: string; name: string }[]
  tiers: readonly { level: number; name: string }[]
  coupons: readonly { id: string; name: string }[]
  problem: (field: keyof Fields) => { validateStatus?: 'error'; help?: string }
}

const whole = { min: 1, max: 10_000_000, precision: 0, controls: false, style: { width: '100%' } } as const
const money = {
  min: 0,
  max: 1_000_000,
  precision: 2,
  suffix: '元',
  controls: false,
  style: { width: '100%' },
} as const

/** Every field of a reward, in the order of a person's questions: what, for how much, for whom, how. */
export function RewardFields({ kind, pickup, frozen, stores, tiers, coupons, problem }: FieldContext) {
  return (
    <>
      <Section title='基本信息' help='会员看到的样子'>
        <Form.Item name='kind' label='换什么'>
          <Segmented
            disabled={frozen}
            options={[
              { value: 'goods', label: '礼品' },
              { value: 'coupon', label: '优惠券' },
            ]}
          />
        </Form.Item>
        <div className='line'>
          <Form.Item name='name' label='名称' style={{ flex: 1.25 }} {...problem('name')}>
            <Input maxLength={20} showCount placeholder='例如：无花果香薰蜡烛 90g' />
          </Form.Item>
          <Form.Item name='category' label='分类' style={{ width: 140 }} {...problem('category')}>
            <Input maxLength={8} placeholder='好物' />
          </Form.Item>
        </div>
        <Form.Item name='subtitle' label='一句话' {...problem('subtitle')}>
          <Input maxLength={30} showCount placeholder='例如：大豆蜡，燃烧约 20 小时' />
        </Form.Item>
        <Form.Item name='pictures' label='封面' {...problem('pictures')}>
          <ArtPicker />
        </Form.Item>
        <Form.Item name='description' label='详情' style={{ paddingBottom: 20 }} {...problem('description')}>
          <Input.TextArea maxLength={500} showCount autoSize={{ minRows: 2, maxRows: 6 }} />
        </Form.Item>
        {kind === 'coupon' ? (
          <Form.Item name='couponTemplateId' label='换到的券' {...problem('couponTemplateId')}>
            <Select
              disabled={frozen}
              showSearch={{ optionFilterProp: 'label' }}
              placeholder='选一张正在发放的券'
              options={coupons.map((one) => ({ value: one.id, label: one.name }))}
            />
          </Form.Item>
        ) : null}
      </Section>
      <Section title='价格与库存' help='积分先用最早到期的'>
        <div className='line'>
          <Form.Item name='points' label='积分' style={{ flex: 1 }} {...problem('points')}>
            <InputNumber {...whole} suffix='分' disabled={frozen} />
          </Form.Item>
          {kind === 'goods' ? (
            <Form.Item name='cash' label='另加现金' style={{ flex: 1 }} {...problem('cash')}>
              <InputNumber {...money} disabled={frozen} placeholder='不用加' />
            </Form.Item>
          ) : null}
          <Form.Item name='worth' label='参考价' style={{ flex: 1 }} {...problem('worth')}>
            <InputNumber {...money} placeholder='不显示' />
          </Form.Item>
        </div>
        <div className='line'>
          <Form.Item name='stock' label='库存' style={{ flex: 1 }} {...problem('stock')}>
            <InputNumber {...whole} suffix='件' disabled={frozen} />
          </Form.Item>
          <Form.Item name='perMember' label='每人限兑' style={{ flex: 1 }} {...problem('perMember')}>
            <InputNumber {...whole} max={1000} suffix='件' disabled={frozen} />
          </Form.Item>
          <Form.Item name='sort' label='排序' style={{ flex: 1 }} extra='小的在前' {...problem('sort')}>
            <InputNumber {...whole} min={0} max={9999} />
          </Form.Item>
        </div>
      </Section>
      <Section title='谁能换' help='不满足的会员看得到原因'>
        <div className='line'>
          <Form.Item name='minTierLevel' label='会员等级' style={{ flex: 1 }} {...problem('minTierLevel')}>
            <Select
              disabled={frozen}
              options={[
                { value: 0, label: '所有会员' },
                ...tiers.filter((t) => t.level > 0).map((t) => ({ value: t.level, label: `${t.name}及以上` })),
              ]}
            />
          </Form.Item>
          <Form.Item name='sale' label='兑换时间' style={{ flex: 1.6 }} {...problem('sale')}>
            <MomentRangePicker />
          </Form.Item>
        </div>
      </Section>
      {kind === 'goods' ? (
        <Section title='怎么领' help='取货码一次有效'>
          <Form.Item name='ways' label='领取方式' {...problem('ways')}>
            <Checkbox.Group
              disabled={frozen}
              options={[
                { value: 'pickup', label: '到店自取' },
                { value: 'delivery', label: '快递到家' },
              ]}
            />
          </Form.Item>
          {pickup ? (
            <div className='line'>
              <Form.Item name='storeIds' label='可取门店' style={{ flex: 1.6 }} {...problem('storeIds')}>
                <Select
                  mode='multiple'
                  placeholder='全部门店'
                  maxTagCount='responsive'
                  options={stores.map((s) => ({ value: s.id, label: s.name }))}
                />
              </Form.Item>
              <Form.Item name='pickupDays' label='几天内来取' style={{ width: 140 }} {...problem('pickupDays')}>
                <InputNumber {...whole} max={365} suffix='天' />
              </Form.Item>
            </div>
          ) : null}
        </Section>
      ) : null}
    </>
  )
}
