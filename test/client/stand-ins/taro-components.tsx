/** Stand-ins for @tarojs/components: the same properties on plain elements, with events in the mini-program's shape. */
import { type ChangeEvent, createElement, forwardRef, type KeyboardEvent, type ReactNode } from 'react'

type Detail = { detail: Record<string, unknown> }

type Props = {
  children?: ReactNode
  className?: string
  style?: unknown
  type?: string
  openType?: string
  onClick?: (event: unknown) => void
  onInput?: (event: Detail) => void
  onConfirm?: (event: Detail) => void
  onGetPhoneNumber?: (event: Detail) => void
  [name: string]: unknown
}

// Properties of the mini-program that mean nothing to the DOM, by the beginning of their names.
const FOREIGN = new RegExp(
  `^(${[
    'adjust|always|aria[A-Z]|auto[HB]|bounces|canvasId|catchMove|circular|confirm|controlled|cursor|decode|disableDefault',
    'enable|enhanced|fast|formType|getRootNode|holdKeyboard|hover|indicator|lang|lazyLoad|loading|mode|nativeProps|onAgree|onColumn|onGet|onReach|onScroll|paging',
    'password|placeholder(Style|Class)|phoneNumber|plain|range|refresher|scroll|selection|showScrollbar|size|upper|lower|userSelect',
  ].join('|')})`,
)

function standIn(tag: string, { isVoid = false } = {}) {
  return forwardRef<unknown, Record<string, unknown>>((given, ref) => {
    const { children, className, style, type, openType, onClick, onInput, onConfirm, onGetPhoneNumber, ...rest } =
      given as Props
    const props: Record<string, unknown> = { ref, className, onClick }
    // An inline style written as text is legal in a mini-program and an error in React's DOM.
    if (typeof style !== 'string') props.style = style
    for (const [name, value] of Object.entries(rest))
      if (!FOREIGN.test(name)) props[name === 'maxlength' ? 'maxLength' : name] = value
    if (openType) props['data-open-type'] = openType
    if (type) props[tag === 'button' ? 'data-type' : 'type'] = type
    if (tag === 'input' || tag === 'textarea') {
      props.onChange = (event: ChangeEvent<HTMLInputElement>) => onInput?.({ detail: { value: event.target.value } })
      props.onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
        if (event.key === 'Enter') onConfirm?.({ detail: { value: event.currentTarget.value } })
      }
    }
    if (openType === 'getPhoneNumber')
      props.onClick = (event: unknown) => {
        onClick?.(event)
        onGetPhoneNumber?.({ detail: { code: 'PHONE_CODE', errMsg: 'getPhoneNumber:ok' } })
      }
    return createElement(tag, props, isVoid ? undefined : children)
  })
}

export const View = standIn('div')
export const Block = standIn('div')
export const ScrollView = standIn('div')
export const Swiper = standIn('div')
export const SwiperItem = standIn('div')
export const Picker = standIn('div')
export const PickerView = standIn('div')
export const PickerViewColumn = standIn('div')
export const RichText = standIn('div')
export const RootPortal = standIn('div')
export const PageMeta = standIn('div')
export const CoverView = standIn('div')
export const MovableArea = standIn('div')
export const MovableView = standIn('div')
export const Switch = standIn('div')
export const Slider = standIn('div')
export const Checkbox = standIn('div')
export const CheckboxGroup = standIn('div')
export const Radio = standIn('div')
export const RadioGroup = standIn('div')
export const Text = standIn('span')
export const Label = standIn('label')
export const Button = standIn('button')
export const Navigator = standIn('a')
export const Form = standIn('form')
export const Canvas = standIn('canvas')
export const Video = standIn('video')
export const WebView = standIn('iframe')
export const Progress = standIn('div')
export const Icon = standIn('i')
export const Image = standIn('img', { isVoid: true })
export const CoverImage = standIn('img', { isVoid: true })
export const Input = standIn('input', { isVoid: true })
export const Textarea = standIn('textarea', { isVoid: true })
