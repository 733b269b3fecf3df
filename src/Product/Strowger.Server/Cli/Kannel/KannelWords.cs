using System.Globalization;
using Strowger.Server.Configuration;

namespace Strowger.Server.Cli.Kannel;

/// <summary>Why a line of kannel.conf has no counterpart, and what does its work here.</summary>
internal static class KannelWords
{
    private const string OneProcess = "not needed: one process does the work of bearerbox and smsbox";
    private const string Durable = "not needed: every text and every report is on disk before it counts";
    private const string Logging = "logs go to standard error; see Log in the configuration";
    private const string Lists = "there are no lists of numbers in this version";
    private const string Text = "texts are not changed; long ones go in parts, at most MaxParts of the channel";
    private const string Routing = "a text goes by its prefix, or by smsc= to one channel";
    private const string Address = "the type of number follows from the address; it cannot be set in this version";
    private const string Incoming = "incoming texts are posted as JSON to the channel's InboundUrl and kept in /v1/inbound; there are no keywords";

    public static IReadOnlyDictionary<string, string> Core { get; } = new Dictionary<string, string>
    {
        ["admin-port"] = "the console and the API are on Http:Listen",
        ["admin-password"] = "strowger keys create and strowger login let people and programs in",
        ["status-password"] = "strowger keys create and strowger login let people and programs in",
        ["smsbox-port"] = OneProcess,
        ["wapbox-port"] = "there is no WAP",
        ["box-allow-ip"] = OneProcess,
        ["box-deny-ip"] = OneProcess,
        ["dlr-storage"] = Durable,
        ["store-type"] = Durable,
        ["store-file"] = Durable,
        ["store-location"] = Durable,
        ["store-dump-freq"] = Durable,
        ["log-file"] = Logging,
        ["log-level"] = Logging,
        ["access-log"] = "strowger messages and the console show every text",
        ["unified-prefix"] = "numbers are E.164: 46..., +46... and 0046... are the same",
        ["white-list"] = Lists,
        ["black-list"] = Lists,
        ["sms-outgoing-queue-limit"] = "Queues:Bound says how many parts a queue takes",
        ["sms-incoming-queue-limit"] = "incoming texts are answered once they are on disk",
        ["sms-resend-freq"] = "a refusal is tried again by its kind: see docs/architecture.md, outcomes",
        ["sms-resend-retry"] = "a refusal is tried again by its kind: see docs/architecture.md, outcomes",
    };

    public static IReadOnlyDictionary<string, string> Smsbox { get; } = new Dictionary<string, string>
    {
        ["bearerbox-host"] = OneProcess,
        ["bearerbox-port"] = OneProcess,
        ["smsbox-id"] = OneProcess,
        ["log-file"] = Logging,
        ["log-level"] = Logging,
        ["access-log"] = "strowger messages and the console show every text",
        ["mo-recode"] = "incoming texts are Unicode",
        ["white-list"] = Lists,
        ["black-list"] = Lists,
        ["sendsms-chars"] = "numbers are E.164; blanks part them, hyphens are dropped",
        ["http-request-retry"] = "Webhooks:Life says how long a report is tried",
        ["http-queue-delay"] = "Webhooks:FirstRetry and LastRetry say how often a report is tried",
    };

    public static IReadOnlyDictionary<string, string> Smsc { get; } = new Dictionary<string, string>
    {
        ["ssl-client-certkey-file"] = "no certificate of ours is shown to carriers: ask whether the password is enough",
        ["msg-id-type"] = "ids are found in decimal and in hex, with and without leading zeros",
        ["reconnect-delay"] = "a lost bind comes back with growing waits, the first at once",
        ["connection-timeout"] = "silence is noticed by EnquireLink and ResponseTimeout",
        ["wait-ack-expire"] = "a text without an answer is unsure: WhenUnsure says resend or hold",
        ["flow-control"] = "not needed: the window and the rate do it",
        ["alt-charset"] = "the default alphabet is GSM 03.38; Latin1 allows Latin-1",
        ["alt-addr-charset"] = "names as senders are written in ASCII",
        ["interface-version"] = "it binds as SMPP 3.4",
        ["address-range"] = "it binds without an address range",
        ["service-type"] = "it is left empty",
        ["my-number"] = "the sender is as the text says",
        ["source-addr-ton"] = Address,
        ["source-addr-npi"] = Address,
        ["dest-addr-ton"] = Address,
        ["dest-addr-npi"] = Address,
        ["bind-addr-ton"] = Address,
        ["bind-addr-npi"] = Address,
        ["source-addr-autodetect"] = "it is always done",
        ["allowed-smsc-id"] = Routing,
        ["denied-smsc-id"] = Routing,
        ["preferred-smsc-id"] = Routing,
        ["denied-prefix"] = "a longer prefix on another channel takes these numbers away",
        ["allowed-prefix-regex"] = Routing,
        ["denied-prefix-regex"] = Routing,
        ["preferred-prefix-regex"] = Routing,
        ["log-file"] = Logging,
        ["log-level"] = Logging,
    };

    public static IReadOnlyDictionary<string, string> User { get; } = new Dictionary<string, string>
    {
        ["name"] = "reports (%n) have the username",
        ["max-messages"] = Text,
        ["concatenation"] = Text,
        ["split-chars"] = Text,
        ["split-suffix"] = Text,
        ["omit-empty"] = "an empty text is refused",
        ["header"] = Text,
        ["footer"] = Text,
        ["white-list"] = Lists,
        ["black-list"] = Lists,
        ["allowed-prefix"] = "a user may send to every number that a channel serves",
        ["denied-prefix"] = "a user may send to every number that a channel serves",
    };

    public static IReadOnlyDictionary<string, string> Service { get; } = new Dictionary<string, string>
    {
        ["keyword"] = Incoming,
        ["keyword-regex"] = Incoming,
        ["get-url"] = "set InboundUrl of the channel: a POST with JSON, not Kannel's escapes",
        ["post-url"] = "set InboundUrl of the channel: a POST with JSON",
        ["post-xml"] = "set InboundUrl of the channel: a POST with JSON",
        ["text"] = "nothing is answered by itself: your program sends the answer",
        ["catch-all"] = Incoming,
        ["max-messages"] = "nothing is answered by itself: your program sends the answer",
    };

    public static string Group(string name) => name switch
    {
        "wapbox" or "wap-push-user" or "wap-url-map" or "wap-user-map" or "ppg" or "wtls" => "there is no WAP",
        "modems" => "there are no modems in this version",
        "smsbox-route" => "incoming texts go by channel, not by smsbox",
        "smpp-tlv" => "a text brings its TLVs itself (tlvs in the API)",
        "ota-setting" or "ota-bookmark" => "there are no settings over the air",
        "dlr-db" or "store-db" => Durable,
        _ when name.EndsWith("-connection", StringComparison.Ordinal) => Durable,
        _ => "has no counterpart; nothing of it is taken",
    };

    /// <summary>A channel in words.</summary>
    public static string Say(ChannelConfiguration channel) => string.Create(
        CultureInfo.InvariantCulture,
        $"{channel.SystemId} at {channel.Host}:{channel.Port}, {channel.Binds} {channel.Mode.ToString().ToLowerInvariant()} {(channel.Binds == 1 ? "bind" : "binds")}, window {channel.Window}, {(channel.Rate is { } rate ? rate.ToString(CultureInfo.InvariantCulture) + " parts/s in all" : "no rate limit")}, {(channel.Prefixes.Count == 0 ? "all numbers" : "numbers that begin with " + string.Join(", ", channel.Prefixes))}");
}
