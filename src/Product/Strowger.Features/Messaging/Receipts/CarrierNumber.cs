namespace Strowger.Features.Messaging.Receipts;

/// <summary>A subscriber's number as a carrier writes it: E.164 with or without '+' or 00 before it, national with or without a 0, or nothing that can be read.</summary>
/// <param name="Value">The digits after leading zeros; 0 = none can be read.</param>
/// <param name="IsWhole">False when a 0 before it says that the country code is missing.</param>
internal readonly record struct CarrierNumber(ulong Value, bool IsWhole)
{
    /// <summary>From so many digits on a number may be the end of another one; what is shorter is a short code.</summary>
    private const ulong LeastEnd = 1_000_000;

    public bool IsKnown => Value != 0;

    /// <summary>Unknown when there is anything but digits behind the '+', or more of them than E.164 has.</summary>
    public static CarrierNumber Parse(ReadOnlySpan<byte> address)
    {
        var digits = address.Trim((byte)' ');
        digits = digits is [(byte)'+', ..] ? digits[1..] : digits;
        var significant = digits.TrimStart((byte)'0');
        if (significant.Length is 0 or > Msisdn.MaxDigits || significant.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            return default;
        }

        var value = 0UL;
        foreach (var digit in significant)
        {
            value = (value * 10) + (ulong)(digit - '0');
        }

        return new CarrierNumber(value, digits.Length - significant.Length is 0 or 2);
    }

    /// <summary>Whether it can be this E.164 number: the same digits, or its last ones.</summary>
    public bool Fits(ulong number)
    {
        if (Value == number || Value < LeastEnd)
        {
            return Value == number;
        }

        var ten = LeastEnd;
        while (ten <= Value)
        {
            ten *= 10;
        }

        return number % ten == Value;
    }
}

/// <summary>A receipt's two numbers. The source is whom the text went to; some carriers do not swap the addresses.</summary>
internal readonly record struct ReceiptNumbers(CarrierNumber Source, CarrierNumber Destination)
{
    public static ReceiptNumbers Of(ReadOnlySpan<byte> source, ReadOnlySpan<byte> destination) =>
        new(CarrierNumber.Parse(source), CarrierNumber.Parse(destination));

    /// <summary>Whether it can be about a text to this number, 0 = not known. A source that cannot be read says nothing, so the id alone decides.</summary>
    public bool Fit(ulong number) => number == 0 || !Source.IsKnown || Source.Fits(number) || Destination.Fits(number);

    /// <summary>For the log: 0 when it is not known for sure.</summary>
    public ulong Subscriber => Source.IsWhole ? Source.Value : 0;
}
