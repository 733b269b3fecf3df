namespace Strowger.Features.Messaging;

/// <summary>The fields of a message in the HTTP API, in the order errors list them.</summary>
internal enum MessageField
{
    To,
    From,
    Text,
    DataHex,
    Channel,
    Priority,
    SendAt,
    ExpiresIn,
    GeneratedAt,
    CallbackUrl,
    Reference,
    Campaign,
    Tlvs,
    Unknown,
}

/// <summary>Names of the fields.</summary>
internal static class MessageFields
{
    public const string Known = "to, from, text, data_hex, channel, priority, send_at, expires_in, generated_at, callback_url, reference, campaign, tlvs";

    private static readonly string[] s_names = Known.Split(", ");

    public static string Name(MessageField field) => s_names[(int)field];

    public static MessageField Find(ReadOnlySpan<byte> name) => name.Length switch
    {
        2 when name.SequenceEqual("to"u8) => MessageField.To,
        4 when name.SequenceEqual("text"u8) => MessageField.Text,
        4 when name.SequenceEqual("from"u8) => MessageField.From,
        4 when name.SequenceEqual("tlvs"u8) => MessageField.Tlvs,
        7 when name.SequenceEqual("channel"u8) => MessageField.Channel,
        7 when name.SequenceEqual("send_at"u8) => MessageField.SendAt,
        8 when name.SequenceEqual("priority"u8) => MessageField.Priority,
        8 when name.SequenceEqual("campaign"u8) => MessageField.Campaign,
        8 when name.SequenceEqual("data_hex"u8) => MessageField.DataHex,
        9 when name.SequenceEqual("reference"u8) => MessageField.Reference,
        10 when name.SequenceEqual("expires_in"u8) => MessageField.ExpiresIn,
        12 when name.SequenceEqual("generated_at"u8) => MessageField.GeneratedAt,
        12 when name.SequenceEqual("callback_url"u8) => MessageField.CallbackUrl,
        _ => MessageField.Unknown,
    };
}
