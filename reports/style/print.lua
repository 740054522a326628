-- What Quarto does by itself and Pandoc does not: blocks for one format only, and alternative texts in Typst.

local function literal(text)
  return '"' .. text:gsub('\\', '\\\\'):gsub('"', '\\"') .. '"'
end

function Div(block)
  local format = block.attributes['when-format']
  if not format then return nil end
  local matches = FORMAT:match(format) ~= nil
  if block.classes:includes('content-visible') == matches then return block.content end
  return {}
end

function Figure(figure)
  if not FORMAT:match('typst') then return nil end
  local image
  figure:walk({ Image = function(found) image = found end })
  if not image then return nil end
  local alt = image.attributes['fig-alt'] or pandoc.utils.stringify(image.caption)
  local open = '#figure(image(' .. literal(image.src) .. ', alt: ' .. literal(alt) .. '), kind: image, caption: ['
  local blocks = pandoc.Blocks({ pandoc.RawBlock('typst', open) })
  blocks:extend(figure.caption.long)
  blocks:insert(pandoc.RawBlock('typst', '])'))
  return blocks
end
