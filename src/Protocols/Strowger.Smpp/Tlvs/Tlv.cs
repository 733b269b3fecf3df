namespace Strowger.Smpp;

/// <summary>One optional parameter, SMPP 3.4 section 5.3.1: tag 2 | length 2 | value.</summary>
public readonly ref struct Tlv(ushort tag, ReadOnlySpan<byte> value)
{
    public const int HeaderBytes = 4;

    public ushort Tag { get; } = tag;

    public ReadOnlySpan<byte> Value { get; } = value;

    public bool IsVendor => Tag is >= TlvTag.FirstVendor and <= TlvTag.LastVendor;
}
