using System.Text;
using Strowger.Smpp.Receipts;

namespace Strowger.Smpp.Tests.Receipts;

public sealed class MessageIdFormsTests
{
    [Theory]
    [InlineData(IdForm.AsIs, "00aF", "00aF")]
    [InlineData(IdForm.UpperCase, "00aF", "00AF")]
    [InlineData(IdForm.NoLeadingZeros, "00aF", "AF")]
    [InlineData(IdForm.NoLeadingZeros, "000", "0")]
    [InlineData(IdForm.HexToDecimal, "00aF", "175")]
    [InlineData(IdForm.HexToDecimal, "FFFFFFFFFFFFFFFF", "18446744073709551615")]
    [InlineData(IdForm.HexToDecimal, "1FFFFFFFFFFFFFFFF", null)]
    [InlineData(IdForm.HexToDecimal, "f81d4fae-7dec", null)]
    [InlineData(IdForm.DecimalToHex, "0000175", "AF")]
    [InlineData(IdForm.DecimalToHex, "18446744073709551615", "FFFFFFFFFFFFFFFF")]
    [InlineData(IdForm.DecimalToHex, "18446744073709551616", null)]
    [InlineData(IdForm.DecimalToHex, "+5", null)]
    [InlineData(IdForm.DecimalToHex, "", null)]
    public void Forms_are_written(IdForm form, string id, string? expected)
    {
        var buffer = new byte[MessageIdForms.MaxLength];
        var ok = MessageIdForms.TryWrite(form, Encoding.ASCII.GetBytes(id), buffer, out var n);
        Assert.Equal(expected, ok ? Encoding.ASCII.GetString(buffer, 0, n) : null);
    }

    [Theory]
    [InlineData("1A2B", "1A2B", IdForm.AsIs)]
    [InlineData("1a2b", "1A2B", IdForm.UpperCase)]
    [InlineData("001a2b", "1A2B", IdForm.NoLeadingZeros)]
    [InlineData("123", "0000123", IdForm.NoLeadingZeros)]
    [InlineData("6699", "1a2b", IdForm.HexToDecimal)]
    [InlineData("1a2b", "6699", IdForm.DecimalToHex)]
    [InlineData("00001a2b", "0000006699", IdForm.DecimalToHex)]
    [InlineData("12", "13", null)]
    public void Relation_is_found_and_the_keys_meet(string stored, string receipt, IdForm? expected)
    {
        var s = Encoding.ASCII.GetBytes(stored);
        var r = Encoding.ASCII.GetBytes(receipt);
        Assert.Equal(expected, MessageIdForms.Relate(s, r));
        var keys = new ulong[IdFormLearner.MaxKeys];
        var n = new IdFormLearner().Keys(r, keys);
        Assert.Equal(expected is not null, keys.AsSpan(0, n).Contains(MessageIdForms.Key(s)));
        if (expected is { } form)
        {
            Assert.True(MessageIdForms.TryKey(form, r, out var key));
            Assert.Equal(MessageIdForms.Key(s), key);
        }
    }

    [Fact]
    public void Keys_are_the_same_at_every_start()
    {
        // Written to disk: these values may never change.
        Assert.Equal(7112514696988229227UL, MessageIdForms.Key("0123456789"u8));
        Assert.Equal(35795038517419120UL, MessageIdForms.Key("f81d4fae-7dec-11d0-a765-00a0c91e6bf6"u8));
    }

    [Fact]
    public void Sequential_ids_do_not_collide()
    {
        var seen = new HashSet<ulong>();
        for (var i = 0; i < 300_000; i++)
        {
            Assert.True(seen.Add(MessageIdForms.Key(Encoding.ASCII.GetBytes(i.ToString(System.Globalization.CultureInfo.InvariantCulture)))));
        }
    }

    [Fact]
    public void The_form_that_hits_leads_after_fifty_samples()
    {
        var learner = new IdFormLearner();
        var keys = new ulong[IdFormLearner.MaxKeys];
        for (var i = 0; i < IdFormLearner.Samples - 1; i++)
        {
            Assert.False(learner.Record(IdForm.DecimalToHex));
        }

        learner.Keys("6699"u8, keys);
        Assert.Equal(MessageIdForms.Key("6699"u8), keys[0]);
        Assert.True(learner.Record(IdForm.DecimalToHex));
        Assert.Equal(IdForm.DecimalToHex, learner.Leader);
        Assert.Equal(3, learner.Keys("6699"u8, keys));
        Assert.Equal(MessageIdForms.Key("1A2B"u8), keys[0]);

        // Chance hits of another form are forgotten while the leader keeps hitting.
        for (var i = 0; i < 10 * IdFormLearner.Samples; i++)
        {
            learner.Record(i % 2 == 0 ? IdForm.AsIs : IdForm.DecimalToHex);
        }

        Assert.Equal(IdForm.DecimalToHex, learner.Leader);
        for (var i = 0; i < IdFormLearner.Samples; i++)
        {
            learner.Record(IdForm.AsIs);
        }

        Assert.Equal(IdForm.AsIs, learner.Leader);
    }
}
