export { ask, conversationOf, forgetConversations, handOver, prepare, rate, resume } from './ask'
export { assistantGaps, closeHandover, handoverDesk, replyToHandover, showHandover, tryQuestion } from './desk'
export { createFaq, deleteFaq, faqList, loadDefaults, publicFaqs, updateFaq } from './faqs'
