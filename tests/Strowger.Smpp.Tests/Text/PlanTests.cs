using System.Globalization;
using Strowger.Smpp.Text;

namespace Strowger.Smpp.Tests.Text;

public sealed class PlanTests
{
    private static readonly EncodeOptions s_wide = EncodeOptions.Default with { Reference16 = true };
    private static readonly EncodeOptions s_latin = EncodeOptions.Default with { Alphabets = Alphabets.Gsm7 | Alphabets.Latin1 | Alphabets.Ucs2 };

    [Theory]
    [InlineData(160, 1, 1)]
    [InlineData(161, 2, 2)]
    [InlineData(304, 2, 2)]
    [InlineData(305, 2, 3)]
    [InlineData(306, 2, 3)]
    [InlineData(307, 3, 3)]
    [InlineData(1520, 10, 10)]
    [InlineData(1530, 10, 11)]
    public void Gsm_parts_hold_160_153_152(int length, int parts8, int parts16) => AssertParts('a', length, parts8, parts16, TextEncoding.Gsm7);

    [Theory]
    [InlineData(70, 1, 1)]
    [InlineData(71, 2, 2)]
    [InlineData(132, 2, 2)]
    [InlineData(134, 2, 3)]
    [InlineData(135, 3, 3)]
    public void Ucs2_parts_hold_70_67_66(int length, int parts8, int parts16) => AssertParts('я', length, parts8, parts16, TextEncoding.Ucs2);

    [Theory]
    [InlineData(140, 1, 1)]
    [InlineData(141, 2, 2)]
    [InlineData(266, 2, 2)]
    [InlineData(268, 2, 3)]
    [InlineData(269, 3, 3)]
    public void Octet_parts_hold_140_134_133(int length, int parts8, int parts16)
    {
        Assert.Equal(parts8, MessageEncoder.PlanBinary(length, EncodeOptions.Default).Parts);
        Assert.Equal(parts16, MessageEncoder.PlanBinary(length, s_wide).Parts);
        var text = new string('ç', length);
        Assert.Equal(parts8, MessageEncoder.Plan(text, s_latin, []).Parts);
        Assert.Equal(TextEncoding.Latin1, MessageEncoder.Plan(text, s_latin, []).Encoding);
    }

    [Fact]
    public void Smallest_encoding_is_chosen()
    {
        Assert.Equal(TextEncoding.Gsm7, MessageEncoder.Plan("Åäö €", EncodeOptions.Default, []).Encoding);
        Assert.Equal(TextEncoding.Ucs2, MessageEncoder.Plan("ç", EncodeOptions.Default, []).Encoding);
        Assert.Equal(TextEncoding.Latin1, MessageEncoder.Plan("ç", s_latin, []).Encoding);
        Assert.Equal(TextEncoding.Ucs2, MessageEncoder.Plan("ç€", s_latin, []).Encoding);

        // 160 brackets: 320 septets are three parts, 160 octets two.
        Assert.Equal(TextEncoding.Gsm7, MessageEncoder.Plan(new string('[', 80), s_latin, []).Encoding);
        Assert.Equal(TextEncoding.Latin1, MessageEncoder.Plan(new string('[', 160), s_latin, []).Encoding);
        Assert.Equal(3, MessageEncoder.Plan(new string('[', 160), EncodeOptions.Default, []).Parts);
        Assert.Equal(new TextPlan { Encoding = TextEncoding.Gsm7, Parts = 1, ErrorIndex = -1 }, MessageEncoder.Plan("", EncodeOptions.Default, []));
    }

    [Fact]
    public void An_escape_is_not_split()
    {
        // 152 letters leave one septet in the part, the bracket takes two.
        var text = new string('a', 152) + "[" + new string('b', 151);
        var ends = new ushort[2];
        var plan = MessageEncoder.Plan(text, EncodeOptions.Default, ends);
        Assert.Equal(2, plan.Parts);
        Assert.Equal([152, 304], ends);
        Assert.Equal(3, MessageEncoder.Plan(text + "b", EncodeOptions.Default, []).Parts);
    }

    [Theory]
    [InlineData("\uD83D\uDE00")]
    [InlineData("e\u0301")]
    [InlineData("👨‍👩‍👧‍👦")]
    [InlineData("\r\n")]
    [InlineData("🇸🇪")]
    public void A_grapheme_is_not_split(string grapheme)
    {
        for (var before = 60; before <= 67; before++)
        {
            var text = new string('я', before) + grapheme + new string('я', 30);
            var ends = new ushort[4];
            var plan = MessageEncoder.Plan(text, EncodeOptions.Default, ends);
            Assert.Equal(2, plan.Parts);
            Assert.True(ends[0] <= before || ends[0] >= before + grapheme.Length, $"{before}: {ends[0]}");
        }
    }

    [Fact]
    public void What_is_said_to_stand_alone_does()
    {
        for (var c = '\0'; c < '\uFFFF'; c++)
        {
            if (PartSplitter.StandsAlone(c))
            {
                Assert.Equal(1, StringInfo.GetNextTextElementLength(c + "я"));
                Assert.Equal(1, StringInfo.GetNextTextElementLength("я" + c));
                Assert.Equal(1, StringInfo.GetNextTextElementLength(c + c.ToString()));
            }
        }
    }

    [Fact]
    public void A_grapheme_larger_than_a_part_is_cut_between_code_points()
    {
        var text = "e" + string.Concat(Enumerable.Repeat("\U0001D165", 60));
        var ends = new ushort[10];
        var plan = MessageEncoder.Plan(text, EncodeOptions.Default, ends);
        Assert.True(plan.Ok);
        for (var i = 0; i < plan.Parts - 1; i++)
        {
            Assert.False(char.IsLowSurrogate(text[ends[i]]));
        }
    }

    [Fact]
    public void Too_long_says_how_many_parts()
    {
        var plan = MessageEncoder.Plan(new string('a', 1531), EncodeOptions.Default, new ushort[10]);
        Assert.Equal(PlanError.TooLong, plan.Error);
        Assert.Equal(11, plan.Parts);
        Assert.True(MessageEncoder.Plan(new string('a', 153 * 255), EncodeOptions.Default with { MaxParts = 255 }, []).Ok);
        Assert.Equal(256, MessageEncoder.Plan(new string('a', (153 * 255) + 1), EncodeOptions.Default with { MaxParts = 255 }, []).Parts);
        Assert.Equal(PlanError.TooLong, MessageEncoder.Plan(new string('я', 10_000_000), EncodeOptions.Default, []).Error);
    }

    [Fact]
    public void Unencodable_says_where()
    {
        var gsmOnly = EncodeOptions.Default with { Alphabets = Alphabets.Gsm7 };
        Assert.Equal((PlanError.Unencodable, 2), Error(MessageEncoder.Plan("abя", gsmOnly, [])));
        Assert.Equal((PlanError.Unencodable, 3), Error(MessageEncoder.Plan("abя\uDE00", EncodeOptions.Default, [])));
        Assert.Equal((PlanError.Unencodable, 0), Error(MessageEncoder.Plan("\uD83D", EncodeOptions.Default, [])));
        Assert.Equal((PlanError.Unencodable, 1), Error(MessageEncoder.PlanAs(TextEncoding.Gsm7, "aя", EncodeOptions.Default, [])));
    }

    [Fact]
    public void Planning_and_writing_a_common_text_allocates_nothing()
    {
        var ends = new ushort[10];
        var part = new byte[TextLimits.MaxPartOctets];
        const string Text = "Your code is 482913. It is valid for ten minutes. Do not tell it to anyone.";
        var before = 0L;
        for (var i = 0; i < 100; i++)
        {
            var plan = MessageEncoder.Plan(Text, EncodeOptions.Default, ends);
            PartWriter.WritePart(plan, Text, ends, 0, 7, part, out _);

            // The first round builds the tables.
            before = i == 0 ? GC.GetAllocatedBytesForCurrentThread() : before;
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static (PlanError, int) Error(TextPlan plan) => (plan.Error, plan.ErrorIndex);

    private static void AssertParts(char c, int length, int parts8, int parts16, TextEncoding encoding)
    {
        var text = new string(c, length);
        var plan = MessageEncoder.Plan(text, EncodeOptions.Default, []);
        Assert.Equal((encoding, parts8), (plan.Encoding, plan.Parts));
        Assert.Equal(parts16, MessageEncoder.Plan(text, s_wide, []).Parts);
    }

    [Theory]
    [InlineData("Ş", 155, 1, 1, 0)] // in the locking table one septet a letter
    [InlineData("Ş", 156, 2, 1, 0)]
    [InlineData("Ş", 298, 2, 1, 0)]
    [InlineData("Ş", 299, 3, 1, 0)]
    [InlineData("Ş", 70, 1, 0, 0)] // one part in UCS-2 is as good, and every phone reads it
    [InlineData("á", 71, 1, 0, 2)] // two septets each: 142
    [InlineData("á", 77, 1, 0, 2)]
    [InlineData("á", 78, 2, 0, 0)] // two parts either way
    public void National_tables_are_taken_where_they_take_fewer_parts(string letter, int count, int parts, int locking, int single)
    {
        var options = EncodeOptions.Default with { NationalLanguages = [letter == "á" ? NationalLanguage.Spanish : NationalLanguage.Turkish] };
        var plan = MessageEncoder.Plan(string.Concat(Enumerable.Repeat(letter, count)), options, []);
        Assert.Equal((parts, locking, single), (plan.Parts, plan.LockingShift, plan.SingleShift));
        Assert.Equal(plan.IsNational ? TextEncoding.Gsm7 : TextEncoding.Ucs2, plan.Encoding);
    }

    [Fact]
    public void The_header_names_the_tables()
    {
        var options = EncodeOptions.Default with { NationalLanguages = [NationalLanguage.Turkish] };
        var one = new string('ş', 80);
        var ends = new ushort[TextLimits.MaxParts];
        var buffer = new byte[TextLimits.MaxPartOctets];
        var plan = MessageEncoder.Plan(one, options, ends);
        var length = PartWriter.WritePart(plan, one, ends, 0, 7, buffer, out var udhi);
        Assert.Equal((true, 84, "03250101" + "1D1D"), (udhi, length, Convert.ToHexString(buffer, 0, 6)));

        // Both tables: what the locking one pushed out of the way stays where the single one has it; Ç is in neither but of the default one, and that is there.
        var two = string.Concat(Enumerable.Repeat("şğıİÇ", 60));
        plan = MessageEncoder.Plan(two, options, ends);
        PartWriter.WritePart(plan, two, ends, 1, 7, buffer, out _);
        Assert.Equal("080003070302250101", Convert.ToHexString(buffer, 0, 9));
        Assert.Equal(149, ends[0]);
    }
}
