using System.Text;
using Strowger.Features.Messaging;

namespace Strowger.Features.Tests.Messaging;

public sealed class AddressTests
{
    [Theory]
    [InlineData("+46701234567", 46701234567UL)]
    [InlineData("46701234567", 46701234567UL)]
    [InlineData("1234567", 1234567UL)]
    [InlineData("+999999999999999", 999999999999999UL)]
    public void Numbers_are_read(string text, ulong value)
    {
        Assert.True(Msisdn.TryParse(Encoding.UTF8.GetBytes(text), out var msisdn, out _));
        Assert.Equal(new Msisdn(value), msisdn);
        Assert.True(Msisdn.TryParse(text, out msisdn, out _));
        Assert.Equal("+" + value, msisdn.ToString());
    }

    [Theory]
    [InlineData("", MsisdnError.Empty)]
    [InlineData("+", MsisdnError.Empty)]
    [InlineData("0046701234567", MsisdnError.LeadingZero)]
    [InlineData("0701234567", MsisdnError.LeadingZero)]
    [InlineData("+46 70 123 45 67", MsisdnError.Separator)]
    [InlineData("+46(0)701234567", MsisdnError.Separator)]
    [InlineData("46-701234567", MsisdnError.Separator)]
    [InlineData("Anna", MsisdnError.NotDigit)]
    [InlineData("++46701234567", MsisdnError.NotDigit)]
    [InlineData("４６７０１２３４５６７", MsisdnError.NotDigit)]
    [InlineData("123456", MsisdnError.TooShort)]
    [InlineData("1234567890123456", MsisdnError.TooLong)]
    [InlineData("123456789012345678901234567890123456789012345678901234567890", MsisdnError.TooLong)]
    public void Wrong_numbers_say_why(string text, MsisdnError expected)
    {
        Assert.False(Msisdn.TryParse(Encoding.UTF8.GetBytes(text), out _, out var error));
        Assert.Equal(expected, error);
        Assert.False(Msisdn.TryParse(text, out _, out error));
        Assert.Equal(expected, error);
        Assert.Contains("E.164", Msisdn.Explain(error), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("+46701234567", SenderKind.Number, 1, 1, "46701234567")]
    [InlineData("46701234567", SenderKind.Number, 1, 1, "46701234567")]
    [InlineData("+4670123", SenderKind.Number, 1, 1, "4670123")]
    [InlineData("72456", SenderKind.ShortCode, 6, 0, "72456")]
    [InlineData("012", SenderKind.ShortCode, 6, 0, "012")]
    [InlineData("Strowger", SenderKind.Alphanumeric, 5, 0, "Strowger")]
    [InlineData("Åhléns 24", SenderKind.Alphanumeric, 5, 0, "Åhléns 24")]
    [InlineData("A_B$C", SenderKind.Alphanumeric, 5, 0, "A_B$C")]
    [InlineData("ÄÖÅÄÖÅÄÖÅÄÖ", SenderKind.Alphanumeric, 5, 0, "ÄÖÅÄÖÅÄÖÅÄÖ")]
    public void Senders_are_read(string text, SenderKind kind, byte ton, byte npi, string address)
    {
        Assert.True(Sender.TryParse(Encoding.UTF8.GetBytes(text), out var sender, out _));
        Assert.Equal((kind, ton, npi), (sender.Kind, sender.Ton, sender.Npi));
        var octets = new byte[Sender.MaxLength];
        var n = sender.CopyTo(octets);
        Assert.Equal(address, Encoding.Latin1.GetString(octets, 0, n));
        Assert.True(Sender.TryRestore(kind, octets.AsSpan(0, n), out var again));
        Assert.Equal(sender, again);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("12", "fewer than 3 digits")]
    [InlineData("012345678", "starts with 0")]
    [InlineData("1234567890123456", "more than 15")]
    [InlineData("Twelve chars", "longer than 11")]
    [InlineData("ÄÖÅÄÖÅÄÖÅÄÖÅ", "longer than 11")]
    [InlineData("ÄÖÅÄÖÅÄÖÅÄÖÅÄÖÅÄÖÅÄÖÅ", "longer than 11")]
    [InlineData("a@b", "'@'")]
    [InlineData("a[b", "'['")]
    [InlineData("Привет", "'П'")]
    [InlineData("12 34", "no letter")]
    [InlineData("a\nb", "'?'")]
    public void Wrong_senders_say_why(string text, string why)
    {
        Assert.False(Sender.TryParse(Encoding.UTF8.GetBytes(text), out _, out var error));
        Assert.Contains(why, error, StringComparison.Ordinal);
        Assert.Contains("allowed", error, StringComparison.Ordinal);
    }
}
