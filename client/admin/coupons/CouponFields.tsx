import { Checkbox, Form, Input, InputNumber, Segmented, Select, Switch } from 'antd'
import type { Fields } from './draft'
import { DayRangePicker, DaysPicker, HoursPicker, MomentRangePicker, Section, WeekdayPicker } from './fieldKit'

/** What the fields need to know besides their values. */
export interface FieldContext {
  kind: Fields['kind']
  validityKind: Fields['validityKind']
  claimable: boolean
  /** True once published: the promise is fixed, only scope and stock may change. */
  frozen: boolean
  stores: readonly { id: string; name: string }[]
  tiers: readonly { level: number; name: string }[]
  /** A sentence to show at a field. */
  problem: (field: keyof Fields) => { validateStatus?: 'error'; help?: string }
}

const money = {
  min: 0,
  max: 10_000_000,
  precision: 2,
  suffix: '元',
  controls: false,
  style: { width: '100%' },
} as const
const count = { min: 1, max: 10_000_000, precision: 0, controls: false, style: { width: '100%' } } as const

/** Name, line of help, kind. */
export function BasicFields({ frozen, problem }: FieldContext) {
  return (
    <Section title='基本信息' help='会员看到的名字'>
      <div className='line'>
        <Form.Item name='name' label='券名称' style={{ flex: 1 }} {...problem('name')}>
          <Input maxLength={12} showCount placeholder='例如：家居香氛满减券' disabled={frozen} />
        </Form.Item>
        <Form.Item name='description' label='使用说明' style={{ flex: 1.25 }} {...problem('description')}>
          <Input maxLength={20} showCount placeholder='例如：香薰、蜡烛、扩香石可用' />
        </Form.Item>
      </div>
      <Form.Item name='kind' label='券类型'>
        <Segmented
          disabled={frozen}
          options={[
            { value: 'amount', label: '满减' },
            { value: 'percent', label: '折扣' },
            { value: 'exchange', label: '兑换' },
          ]}
        />
      </Form.Item>
    </Section>
  )
}

/** What it is worth. */
export function WorthFields({ kind, frozen, problem }: FieldContext) {
  return (
    <Section title='优惠内容' help={kind === 'exchange' ? '在店里换一样东西' : '按适用商品的合计算'}>
      <div className='line'>
        {kind === 'amount' ? (
          <Form.Item name='amount' label='立减' style={{ width: 150 }} {...problem('amount')}>
            <InputNumber {...money} disabled={frozen} placeholder='30.00' />
          </Form.Item>
        ) : null}
        {kind === 'percent' ? (
          <>
            <Form.Item name='fold' label='打几折' style={{ width: 150 }} {...problem('fold')}>
              <InputNumber
                min={0.1}
                max={9.9}
                step={0.1}
                precision={1}
                suffix='折'
                controls={false}
                style={{ width: '100%' }}
                disabled={frozen}
                placeholder='8.8'
              />
            </Form.Item>
            <Form.Item name='cap' label='最多减' style={{ width: 150 }} {...problem('cap')}>
              <InputNumber {...money} disabled={frozen} placeholder='不封顶' />
            </Form.Item>
          </>
        ) : null}
        {kind === 'exchange' ? (
          <Form.Item name='item' label='换什么' style={{ flex: 1 }} {...problem('item')}>
            <Input maxLength={30} showCount disabled={frozen} placeholder='例如：亚麻隔热垫一块' />
          </Form.Item>
        ) : null}
        <Form.Item name='minSpend' label='消费满' style={{ width: 150 }} {...problem('minSpend')}>
          <InputNumber {...money} disabled={frozen} placeholder='不限' />
        </Form.Item>
      </div>
    </Section>
  )
}

/** Where and for whom it holds. */
export function ScopeFields({ stores, tiers, frozen, problem }: FieldContext) {
  return (
    <Section title='适用范围' help='不选即不限'>
      <div className='line'>
        <Form.Item name='storeIds' label='门店' style={{ flex: 1.25 }} {...problem('storeIds')}>
          <Select
            mode='multiple'
            options={stores.map((store) => ({ value: store.id, label: store.name }))}
            optionFilterProp='label'
            placeholder='全部门店'
            maxTagCount='responsive'
          />
        </Form.Item>
        <Form.Item name='categories' label='商品类目' style={{ flex: 1 }} {...problem('categories')}>
          <Select
            mode='tags'
            open={false}
            suffixIcon={null}
            tokenSeparators={[',', '，', '、']}
            placeholder='全部商品，填类目名后回车'
            maxTagCount='responsive'
          />
        </Form.Item>
      </div>
      <div className='line'>
        <Form.Item name='minTierLevel' label='会员等级' style={{ flex: 1.25 }} {...problem('minTierLevel')}>
          <Select
            disabled={frozen}
            options={[
              { value: 0, label: '所有会员' },
              ...tiers
                .filter((tier) => tier.level > 0)
                .map((tier) => ({ value: tier.level, label: `${tier.name}及以上` })),
            ]}
          />
        </Form.Item>
        <Form.Item
          name='excludedCategories'
          label='不参加的类目'
          style={{ flex: 1 }}
          {...problem('excludedCategories')}
        >
          <Select
            mode='tags'
            open={false}
            suffixIcon={null}
            tokenSeparators={[',', '，', '、']}
            placeholder='没有'
            maxTagCount='responsive'
          />
        </Form.Item>
      </div>
      <Form.Item name='channels' label='渠道' {...problem('channels')}>
        <Checkbox.Group
          options={[
            { value: 'store', label: '到店' },
            { value: 'miniapp', label: '小程序' },
            { value: 'delivery', label: '外卖' },
          ]}
        />
      </Form.Item>
    </Section>
  )
}

/** When it holds. */
export function TimeFields({ validityKind, frozen, problem }: FieldContext) {
  return (
    <Section title='有效期' help={validityKind === 'relative' ? '会员领取后开始算' : '所有人同一段日期'}>
      <div className='line'>
        <Form.Item name='validityKind' label='怎么算'>
          <Segmented
            disabled={frozen}
            options={[
              { value: 'relative', label: '领取后' },
              { value: 'fixed', label: '固定日期' },
            ]}
          />
        </Form.Item>
        {validityKind === 'relative' ? (
          <>
            <Form.Item name='days' label='有效天数' style={{ width: 120 }} {...problem('days')}>
              <InputNumber {...count} max={3650} suffix='天' disabled={frozen} />
            </Form.Item>
            <Form.Item
              name='startAfterDays'
              label='领取几天后生效'
              style={{ width: 140 }}
              {...problem('startAfterDays')}
            >
              <InputNumber {...count} min={0} max={365} suffix='天' disabled={frozen} />
            </Form.Item>
          </>
        ) : (
          <Form.Item name='fixed' label='从哪天到哪天' style={{ width: 280 }} {...problem('fixed')}>
            <DayRangePicker disabled={frozen} />
          </Form.Item>
        )}
      </div>
      <div className='line'>
        <Form.Item name='weekdays' label='可用星期' style={{ width: 276 }} {...problem('weekdays')}>
          <WeekdayPicker disabled={frozen} />
        </Form.Item>
        <Form.Item name='hours' label='可用时段' style={{ width: 200 }} {...problem('hours')}>
          <HoursPicker disabled={frozen} />
        </Form.Item>
        <Form.Item name='blackoutDays' label='不可用日期' style={{ flex: 1 }} {...problem('blackoutDays')}>
          <DaysPicker disabled={frozen} />
        </Form.Item>
      </div>
    </Section>
  )
}

/** How many, to whom, how. */
export function IssueFields({ claimable, problem }: FieldContext) {
  return (
    <Section title='发行与限领' help='发完或到了预算自动停'>
      <div className='line'>
        <Form.Item name='stock' label='发行总量' style={{ flex: 1 }} {...problem('stock')}>
          <InputNumber {...count} suffix='张' />
        </Form.Item>
        <Form.Item name='perMember' label='每人限领' style={{ flex: 1 }} {...problem('perMember')}>
          <InputNumber {...count} max={100} suffix='张' />
        </Form.Item>
        <Form.Item name='perDay' label='每天最多' style={{ flex: 1 }} {...problem('perDay')}>
          <InputNumber {...count} suffix='张' placeholder='不限' />
        </Form.Item>
        <Form.Item name='budget' label='预算上限' style={{ flex: 1.25 }} {...problem('budget')}>
          <InputNumber {...money} placeholder='不限' />
        </Form.Item>
      </div>
      <div className='line'>
        <Form.Item label='领券中心' style={{ width: 276 }}>
          <div className='row g2' style={{ height: 32 }}>
            <Form.Item name='claimable' valuePropName='checked' noStyle>
              <Switch id='claimable' />
            </Form.Item>
            <label htmlFor='claimable'>{claimable ? '会员可以自己领' : '只由店里发放'}</label>
          </div>
        </Form.Item>
        {claimable ? (
          <Form.Item name='claim' label='领取时间' style={{ flex: 1 }} {...problem('claim')}>
            <MomentRangePicker />
          </Form.Item>
        ) : null}
      </div>
    </Section>
  )
}

/** Whether it goes together with other coupons. */
export function StackFields({ frozen }: FieldContext) {
  return (
    <Section title='叠加' help='收银自动选最省组合'>
      <div className='row g2' style={{ height: 32 }}>
        <Form.Item name='stackable' valuePropName='checked' noStyle>
          <Switch id='stackable' disabled={frozen} />
        </Form.Item>
        <label htmlFor='stackable'>可与其他能叠加的券同用</label>
      </div>
    </Section>
  )
}
