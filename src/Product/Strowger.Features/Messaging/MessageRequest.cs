using System.Text;

namespace Strowger.Features.Messaging;

/// <summary>
/// One message as asked for. Made to be used again for the next: the strings are slices of one buffer that the request owns, valid until it is parsed into anew. Not safe for several threads.
/// </summary>
public sealed class MessageRequest
{
    internal byte[] Octets = new byte[512];
    internal int Used;
    private char[] _chars = new char[256];
    private int _charCount;

    internal (int Start, int Length) TextSlice;
    internal (int Start, int Length) DataSlice;
    internal (int Start, int Length) ChannelSlice;
    internal (int Start, int Length) CallbackSlice;
    internal (int Start, int Length) ReferenceSlice;
    internal (int Start, int Length) CampaignSlice;
    internal (int Start, int Length) TlvSlice;

    // A program gives all its messages the same URL: it is checked once.
    private byte[] _checkedUrl = [];

    /// <summary>The receiver.</summary>
    public Msisdn To { get; internal set; }

    /// <summary>The sender.</summary>
    public Sender From { get; internal set; }

    /// <summary>True: the message is octets, not a text.</summary>
    public bool IsData { get; internal set; }

    /// <summary>The text, UTF-16; may hold no half of a surrogate pair.</summary>
    public ReadOnlySpan<char> Text => _chars.AsSpan(0, _charCount);

    /// <summary>The text, UTF-8.</summary>
    public ReadOnlySpan<byte> TextUtf8 => Slice(TextSlice);

    /// <summary>The octets of data_hex.</summary>
    public ReadOnlySpan<byte> Data => Slice(DataSlice);

    /// <summary>The channel asked for, UTF-8; empty when none is.</summary>
    public ReadOnlySpan<byte> Channel => Slice(ChannelSlice);

    /// <summary>Where to post what happens, UTF-8; empty when nowhere.</summary>
    public ReadOnlySpan<byte> CallbackUrl => Slice(CallbackSlice);

    /// <summary>The caller's reference, UTF-8; empty when none.</summary>
    public ReadOnlySpan<byte> Reference => Slice(ReferenceSlice);

    /// <summary>The campaign, UTF-8; empty when none.</summary>
    public ReadOnlySpan<byte> Campaign => Slice(CampaignSlice);

    /// <summary>TLVs as on the wire: tag, length, value.</summary>
    public ReadOnlySpan<byte> Tlvs => Slice(TlvSlice);

    /// <summary>The lane; null when not said.</summary>
    public MessagePriority? Priority { get; internal set; }

    /// <summary>When to send, Unix milliseconds; null: at once.</summary>
    public long? SendAtMs { get; internal set; }

    /// <summary>Seconds after which it is worthless; null: never.</summary>
    public int? ExpiresInSeconds { get; internal set; }

    /// <summary>When the caller made it, Unix milliseconds; null when not said.</summary>
    public long? GeneratedAtMs { get; internal set; }

    /// <summary>How it is coded, when the caller says; null: decided by the text.</summary>
    public GivenCoding? Coding { get; internal set; }

    internal void Clear(int capacity)
    {
        if (Octets.Length < capacity)
        {
            Octets = new byte[Math.Max(capacity, Octets.Length * 2)];
        }

        Used = 0;
        _charCount = 0;
        TextSlice = DataSlice = ChannelSlice = CallbackSlice = ReferenceSlice = CampaignSlice = TlvSlice = default;
        To = default;
        From = default;
        IsData = false;
        Priority = null;
        SendAtMs = null;
        ExpiresInSeconds = null;
        GeneratedAtMs = null;
        Coding = null;
    }

    internal ReadOnlySpan<byte> Slice((int Start, int Length) slice) => Octets.AsSpan(slice.Start, slice.Length);

    /// <summary>Widens the text, known to be well-formed UTF-8, to UTF-16.</summary>
    internal void WidenText()
    {
        if (_chars.Length < TextSlice.Length)
        {
            _chars = new char[Math.Max(TextSlice.Length, _chars.Length * 2)];
        }

        _charCount = Encoding.UTF8.GetChars(TextUtf8, _chars);
    }

    /// <summary>Takes a text that is UTF-16 already and well-formed; there is room for it in UTF-8.</summary>
    internal void SetText(ReadOnlySpan<char> text)
    {
        if (_chars.Length < text.Length)
        {
            _chars = new char[Math.Max(text.Length, _chars.Length * 2)];
        }

        text.CopyTo(_chars);
        _charCount = text.Length;
        TextSlice = (Used, Encoding.UTF8.GetBytes(text, Octets.AsSpan(Used)));
        Used += TextSlice.Length;
    }

    /// <summary>Copies octets into the request's own; there is room for them.</summary>
    internal (int Start, int Length) Put(ReadOnlySpan<byte> value)
    {
        var start = Used;
        value.CopyTo(Octets.AsSpan(start));
        Used += value.Length;
        return (start, value.Length);
    }

    internal bool IsCallbackValid()
    {
        var url = CallbackUrl;
        if (url.SequenceEqual(_checkedUrl))
        {
            return true;
        }

        if (!Uri.TryCreate(Encoding.UTF8.GetString(url), UriKind.Absolute, out var uri)
            || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps) || uri.Host.Length == 0)
        {
            return false;
        }

        _checkedUrl = url.ToArray();
        return true;
    }
}
