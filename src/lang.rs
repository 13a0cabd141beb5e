//! One message catalogue in two languages (Fluent files under `i18n/`), embedded in the binary.

use std::borrow::Cow;
use std::sync::OnceLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use serde::{Deserialize, Serialize};
use unic_langid::LanguageIdentifier;

/// Language of what a reader meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// Chinese, simplified.
    #[default]
    Zh,
    /// English.
    En,
}

macro_rules! parts {
    ($lang:literal) => {
        [
            include_str!(concat!("../i18n/", $lang, "/common.ftl")),
            include_str!(concat!("../i18n/", $lang, "/cli.ftl")),
            include_str!(concat!("../i18n/", $lang, "/book.ftl")),
            include_str!(concat!("../i18n/", $lang, "/words.ftl")),
            include_str!(concat!("../i18n/", $lang, "/score.ftl")),
            include_str!(concat!("../i18n/", $lang, "/supervise.ftl")),
            include_str!(concat!("../i18n/", $lang, "/reserve.ftl")),
            include_str!(concat!("../i18n/", $lang, "/structure.ftl")),
            include_str!(concat!("../i18n/", $lang, "/report.ftl")),
            include_str!(concat!("../i18n/", $lang, "/cultivate.ftl")),
            include_str!(concat!("../i18n/", $lang, "/motivate.ftl")),
            include_str!(concat!("../i18n/", $lang, "/scenario.ftl")),
            include_str!(concat!("../i18n/", $lang, "/loop.ftl")),
            include_str!(concat!("../i18n/", $lang, "/materials.ftl")),
            include_str!(concat!("../i18n/", $lang, "/returns.ftl")),
            include_str!(concat!("../i18n/", $lang, "/desk.ftl")),
            include_str!(concat!("../i18n/", $lang, "/privacy.ftl")),
            include_str!(concat!("../i18n/", $lang, "/index.ftl")),
            include_str!(concat!("../i18n/", $lang, "/match.ftl")),
        ]
    };
}

/// The Fluent sources of one language, as tests read them.
pub fn sources(lang: Lang) -> [&'static str; 19] {
    match lang {
        Lang::Zh => parts!("zh"),
        Lang::En => parts!("en"),
    }
}

fn bundle(lang: Lang) -> &'static FluentBundle<FluentResource> {
    static ZH: OnceLock<FluentBundle<FluentResource>> = OnceLock::new();
    static EN: OnceLock<FluentBundle<FluentResource>> = OnceLock::new();
    let (cell, id) = match lang {
        Lang::Zh => (&ZH, "zh-CN"),
        Lang::En => (&EN, "en-US"),
    };
    cell.get_or_init(|| {
        let id: LanguageIdentifier = id.parse().expect("a language tag");
        let mut bundle = FluentBundle::new_concurrent(vec![id]);
        bundle.set_use_isolating(false);
        for source in sources(lang) {
            // A broken message is left out here and found by the catalogue's test.
            let resource = match FluentResource::try_new(source.to_owned()) {
                Ok(resource) | Err((resource, _)) => resource,
            };
            bundle.add_resource_overriding(resource);
        }
        bundle
    })
}

impl Lang {
    /// The language's tag.
    pub const fn tag(self) -> &'static str {
        match self {
            Lang::Zh => "zh",
            Lang::En => "en",
        }
    }

    /// Does the catalogue hold this message?
    pub fn has(self, id: &str) -> bool {
        bundle(self).has_message(id)
    }

    /// The message, with its arguments filled in. A missing message shows as its own ID.
    pub fn say(self, id: &str, args: &[(&str, Arg)]) -> String {
        let bundle = bundle(self);
        let Some(pattern) = bundle.get_message(id).and_then(|m| m.value()) else {
            return id.to_owned();
        };
        let mut fluent = FluentArgs::with_capacity(args.len());
        for (name, value) in args {
            fluent.set(*name, value.0.clone());
        }
        let mut errors = Vec::new();
        bundle.format_pattern(pattern, Some(&fluent), &mut errors).into_owned()
    }

    /// A message without arguments.
    pub fn text(self, id: &str) -> String {
        self.say(id, &[])
    }
}

/// An argument of a message: text stands as it is; whole numbers choose plural forms.
#[derive(Clone, Debug)]
pub struct Arg(FluentValue<'static>);

impl From<&str> for Arg {
    fn from(text: &str) -> Self {
        Arg(FluentValue::String(Cow::Owned(text.to_owned())))
    }
}

impl From<String> for Arg {
    fn from(text: String) -> Self {
        Arg(FluentValue::String(Cow::Owned(text)))
    }
}

impl From<&String> for Arg {
    fn from(text: &String) -> Self {
        Arg::from(text.as_str())
    }
}

impl From<chrono::NaiveDate> for Arg {
    fn from(day: chrono::NaiveDate) -> Self {
        Arg::from(day.to_string())
    }
}

/// Decimals are shown with at most two digits; anything else is formatted by the caller.
impl From<f64> for Arg {
    fn from(value: f64) -> Self {
        Arg::from(crate::kernel::round::show(value, 2))
    }
}

macro_rules! whole {
    ($($type:ty),*) => {$(
        impl From<$type> for Arg {
            fn from(value: $type) -> Self {
                Arg(FluentValue::from(value))
            }
        }
    )*};
}
whole!(i32, i64, u32, u64, usize);

/// `say!(lang, "message-id", name = value, …)`: a message of the catalogue.
#[macro_export]
macro_rules! say {
    ($lang:expr, $id:expr $(, $name:ident = $value:expr)* $(,)?) => {
        $lang.say($id, &[$((stringify!($name), $crate::lang::Arg::from($value))),*])
    };
}
