const NUTUI = '@nutui/nutui-react-taro'

// NutUI's modules import no style sheets: each component used is pulled in by itself, together with its css.
module.exports = {
  presets: [['taro', { framework: 'react', ts: true, compiler: 'webpack5' }]],
  plugins: [
    [
      'import',
      {
        libraryName: NUTUI,
        camel2DashComponentName: false,
        customName: (name) => `${NUTUI}/dist/es/packages/${name.toLowerCase()}`,
        customStyleName: (name) => `${NUTUI}/dist/es/packages/${name.toLowerCase()}/style/css`,
      },
      'nutui-react-taro',
    ],
  ],
}
