//! What goes out by Telegram. One message a screen: a pressed button changes its message, what is typed is answered with
//! a new one.

use std::time::Duration;

use teloxide::net::default_reqwest_settings;
use teloxide::payloads::{AnswerCallbackQuerySetters, EditMessageTextSetters, SendMessageSetters};
use teloxide::requests::{Request, Requester};
use teloxide::types::{
    CallbackQueryId, ChatId, FileId, InlineKeyboardButton, InlineKeyboardMarkup, InputFile, KeyboardButton, KeyboardMarkup, MessageId, ReplyMarkup,
};
use teloxide::{ApiError, Bot, RequestError};

use super::Outgoing;
use super::speak::Speaker;
use crate::channel::{OutboundMessage, SendError};
use crate::config::SecretText;
use application::limits::CHAT;

/// For an answer of the carrier. Shorter than a claim lasts.
const ANSWER: Duration = Duration::from_secs(15);

/// The bot, to be written to. Prints no token.
pub struct Sender {
    bot: Bot,
    speaker: Option<Speaker>,
}

impl std::fmt::Debug for Sender {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Sender").field("speaks", &self.speaker.is_some()).finish_non_exhaustive()
    }
}

/// A bot that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BotError {
    /// The address of the carrier.
    #[error("telegram.api_url is no address: {0}")]
    Address(String),
    /// No client for it.
    #[error("no network client: {0}")]
    Client(#[from] reqwest::Error),
}

/// A bot with a client whose requests take so long at most.
pub fn bot(token: &SecretText, api_url: &str, longest: Duration) -> Result<Bot, BotError> {
    let client = default_reqwest_settings().timeout(longest).build()?;
    let url = reqwest::Url::parse(api_url).map_err(|error| BotError::Address(error.to_string()))?;
    Ok(Bot::with_client(token.expose().trim(), client).set_api_url(url))
}

impl Sender {
    /// Sends with that bot, and aloud where there is a voice.
    pub fn new(token: &SecretText, api_url: &str, speaker: Option<Speaker>) -> Result<Self, BotError> {
        Ok(Self { bot: bot(token, api_url, ANSWER)?, speaker })
    }

    /// Sends a message, or erases some.
    pub async fn send(&self, message: &OutboundMessage) -> Result<(), SendError> {
        let refuse = |what: &str| SendError::Reject(what.to_owned());
        let chat = message.to.strip_prefix(CHAT).and_then(|chat| chat.parse().ok()).map(ChatId).ok_or_else(|| refuse("no chat"))?;
        let outgoing: Outgoing = serde_json::from_str(&message.body).map_err(|_no_message| refuse("no message"))?;
        if !outgoing.erases.is_empty() {
            return self.erase(chat, &outgoing).await;
        }
        if let Some(press) = &outgoing.press {
            // The phone shows a clock until then; it is no matter where it comes too late.
            let _ = self.bot.answer_callback_query(CallbackQueryId(press.clone())).cache_time(0).send().await;
        }
        let aloud = self.aloud(&outgoing).await;
        if let Some(voice) = aloud {
            let sent = self.bot.send_voice(chat, InputFile::memory(voice).file_name("passerelle.ogg")).send().await;
            return sent.map(drop).map_err(|error| read(&error));
        }
        if let Some(message) = outgoing.edits.filter(|_| outgoing.asks_place.is_none()) {
            match self.bot.edit_message_text(chat, MessageId(message), &outgoing.text).reply_markup(buttons(&outgoing)).send().await {
                Ok(_) | Err(RequestError::Api(ApiError::MessageNotModified)) => return Ok(()),
                // Too old, or erased: a new one in its place.
                Err(RequestError::Api(ApiError::MessageToEditNotFound | ApiError::MessageCantBeEdited | ApiError::MessageIdInvalid)) => {}
                Err(error) => return Err(read(&error)),
            }
        }
        let sent = self.bot.send_message(chat, &outgoing.text).reply_markup(markup(&outgoing)).send().await;
        sent.map(drop).map_err(|error| read(&error))
    }

    /// Erases messages: those that are gone already are no matter. One that is too old for that is said to be; where it is
    /// ours it loses its words all the same.
    async fn erase(&self, chat: ChatId, outgoing: &Outgoing) -> Result<(), SendError> {
        let mut is_one_left = false;
        for number in &outgoing.erases {
            let message = MessageId(*number);
            match self.bot.delete_message(chat, message).send().await {
                Ok(_) | Err(RequestError::Api(ApiError::MessageToDeleteNotFound | ApiError::MessageIdInvalid)) => {}
                Err(error) if is_too_old(&error) => {
                    is_one_left = true;
                    if outgoing.edits == Some(*number) {
                        match self.bot.edit_message_text(chat, message, &outgoing.text).send().await {
                            Ok(_) | Err(RequestError::Api(ApiError::MessageNotModified | ApiError::MessageToEditNotFound)) => {}
                            Err(error) => return Err(read(&error)),
                        }
                    }
                }
                Err(error) => return Err(read(&error)),
            }
        }
        // In a window that leaves nothing in the chat.
        let told = match &outgoing.press {
            Some(press) if is_one_left => {
                let press = CallbackQueryId(press.clone());
                self.bot.answer_callback_query(press).text(&outgoing.text).show_alert(true).cache_time(0).send().await.is_ok()
            }
            Some(press) => {
                let _ = self.bot.answer_callback_query(CallbackQueryId(press.clone())).cache_time(0).send().await;
                true
            }
            None => false,
        };
        if is_one_left && !told {
            self.bot.send_message(chat, &outgoing.text).send().await.map_err(|error| read(&error))?;
        }
        Ok(())
    }

    async fn aloud(&self, outgoing: &Outgoing) -> Option<Vec<u8>> {
        let ((language, text), speaker) = (outgoing.aloud.as_ref()?, self.speaker.as_ref()?);
        speaker.say(*language, text).await
    }
}

/// Two days are the longest; the words for it differ with the kind of chat.
fn is_too_old(error: &RequestError) -> bool {
    match error {
        RequestError::Api(ApiError::MessageCantBeDeleted) => true,
        RequestError::Api(ApiError::Unknown(text)) => text.contains("can't be deleted"),
        _ => false,
    }
}

/// Fetches what somebody said.
pub async fn fetch_voice(token: &SecretText, api_url: &str, file: &str) -> Result<Vec<u8>, String> {
    let bot = bot(token, api_url, ANSWER).map_err(|error| error.to_string())?;
    let file = bot.get_file(FileId(file.to_owned())).send().await.map_err(|_with_token| "Telegram does not have it any more, or does not answer".to_owned())?;
    let mut bytes = Vec::new();
    teloxide::net::Download::download_file(&bot, &file.path, &mut bytes).await.map_err(|_with_token| "it cannot be fetched".to_owned())?;
    Ok(bytes)
}

fn buttons(outgoing: &Outgoing) -> InlineKeyboardMarkup {
    InlineKeyboardMarkup::new(
        outgoing.rows.iter().map(|row| row.iter().map(|button| InlineKeyboardButton::callback(&button.label, &button.data)).collect::<Vec<_>>()),
    )
}

/// A question for the place has a button that shares it; any other message has its own.
fn markup(outgoing: &Outgoing) -> ReplyMarkup {
    match &outgoing.asks_place {
        Some(label) => {
            let here = KeyboardButton::new(label).request(teloxide::types::ButtonRequest::Location);
            KeyboardMarkup::new([[here]]).one_time_keyboard().resize_keyboard().into()
        }
        None => buttons(outgoing).into(),
    }
}

/// What the carrier's words mean for the delivery. None of them is logged: they may hold the token.
pub(super) fn read(error: &RequestError) -> SendError {
    match error {
        RequestError::RetryAfter(seconds) => SendError::Retry(Some(Duration::from_secs(u64::from(seconds.seconds())))),
        RequestError::Network(error) if error.is_connect() => SendError::Retry(None),
        RequestError::Io(_) => SendError::Retry(None),
        RequestError::Network(_) | RequestError::InvalidJson { .. } => SendError::Unknown,
        RequestError::MigrateToChatId(_) => SendError::Reject("no private chat".to_owned()),
        RequestError::Api(error) => match error {
            ApiError::BotBlocked | ApiError::ChatNotFound | ApiError::UserNotFound | ApiError::UserDeactivated | ApiError::CantInitiateConversation => {
                SendError::Gone
            }
            ApiError::InvalidToken => SendError::Misconfigured("telegram.token"),
            ApiError::Unknown(text) if ["Internal Server Error", "Bad Gateway", "Service Unavailable", "Gateway"].iter().any(|known| text.contains(known)) => {
                SendError::Retry(None)
            }
            _ => SendError::Reject("a message that Telegram does not take".to_owned()),
        },
    }
}
