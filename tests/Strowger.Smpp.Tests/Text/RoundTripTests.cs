using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Strowger.Smpp.Text;

namespace Strowger.Smpp.Tests.Text;

/// <summary>Whatever is written is read back the same, part by part.</summary>
public sealed class RoundTripTests
{
    private static readonly string[] s_atoms =
        ["ş", "ğ", "İ", "ı", "ã", "Ê", "ú", "∞", "ª", "^", "a", "Z", "0", " ", "@", "€", "[", "\\", "\r\n", "\r", "\n", "å", "ç", "я", "Ω", "漢", "\uD83D\uDE00", "e\u0301", "👨‍👩‍👧‍👦", "🇸🇪", "👍🏽", "\u0000", "\f", "нет", "code 1234 "];

    private static readonly Gen<string> s_texts =
        from chosen in Gen.Choose(1, s_atoms.Length)
        from length in Gen.Frequency((6, Gen.Choose(0, 40)), (3, Gen.Choose(40, 400)), (1, Gen.Choose(400, 3000)))
        from indexes in Gen.Choose(0, chosen - 1).ArrayOf(length)
        from rotate in Gen.Choose(0, s_atoms.Length - 1)
        select string.Concat(indexes.Select(i => s_atoms[(i + rotate) % s_atoms.Length]));

    private static readonly Gen<EncodeOptions> s_options =
        from latin in Gen.Elements(false, true)
        from packed in Gen.Elements(false, true)
        from wide in Gen.Elements(false, true)
        from languages in Gen.Elements<NationalLanguage[]>([], [NationalLanguage.Turkish], [NationalLanguage.Spanish, NationalLanguage.Portuguese, NationalLanguage.Turkish])
        select new EncodeOptions
        {
            Alphabets = Alphabets.Gsm7 | Alphabets.Ucs2 | (latin ? Alphabets.Latin1 : 0),
            PackGsm7 = packed,
            Reference16 = wide,
            NationalLanguages = languages,
            MaxParts = 255,
        };

    [Fact]
    public void Every_text_comes_back() =>
        Prop.ForAll(s_texts.ToArbitrary(), s_options.ToArbitrary(), Check)
            .Check(Config.QuickThrowOnFailure.WithMaxTest(3000).WithReplay(1, 2 * 17 + 1));

    [Fact]
    public void Every_text_in_national_letters_comes_back()
    {
        var texts =
            from atoms in Gen.Elements<string[]>(["ş", "ğ", "İ", "ı", "ç", "Ş", "abc ", "[", "€", "\r\n"], ["ã", "õ", "ê", "á", "Ê", "Â", "obrigado ", "∞", "|", "`", "º"], ["á", "í", "ó", "ú", "ñ", "¿", "mañana ", "{"])
            from length in Gen.Choose(30, 500)
            from indexes in Gen.Choose(0, atoms.Length - 1).ArrayOf(length)
            select string.Concat(indexes.Select(i => atoms[i]));
        var national = 0;
        Prop.ForAll(texts.ToArbitrary(), s_options.ToArbitrary(), (text, options) =>
        {
            var plan = MessageEncoder.Plan(text, options, []);
            national += plan.IsNational ? 1 : 0;
            Assert.True(!plan.IsNational || plan.Parts < MessageEncoder.PlanAs(TextEncoding.Ucs2, text, options, []).Parts);
            return Check(text, options);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000).WithReplay(5, 2 * 17 + 1));
        Assert.InRange(national, 200, 1000);
    }

    private static bool Check(string text, EncodeOptions options)
    {
        var ends = new ushort[TextLimits.MaxParts];
        var plan = MessageEncoder.Plan(text, options, ends);
        Assert.True(plan.Ok);
        Assert.Equal(plan, MessageEncoder.Plan(text, options, []));
        Assert.Equal(plan, MessageEncoder.PlanAs(plan.Encoding, text, options, new ushort[TextLimits.MaxParts], plan.SingleShift, plan.LockingShift));
        var decode = new DecodeOptions { PackedGsm7 = plan.Packed };
        var boundaries = plan.Parts == 1 ? [] : StringInfo.ParseCombiningCharacters(text).ToHashSet();
        var all = "";
        var buffer = new byte[TextLimits.MaxPartOctets];
        for (var i = 0; i < plan.Parts; i++)
        {
            var n = PartWriter.WritePart(plan, text, ends, i, 0xABCD, buffer, out var udhi);
            var septets = plan.Encoding == TextEncoding.Gsm7 && !plan.Packed;
            Assert.InRange(n, 0, septets ? udhi ? 159 : 160 : 140);
            var decoded = MessageDecoder.Decode(buffer.AsSpan(0, n), plan.DataCoding, udhi, decode);
            Assert.Equal(udhi, plan.Parts > 1 || plan.IsNational);
            Assert.Equal((plan.SingleShift, plan.LockingShift), (decoded.Header.SingleShift, decoded.Header.LockingShift));
            if (plan.Parts > 1)
            {
                Assert.Equal((plan.Parts, i + 1), (decoded.Header.Parts, decoded.Header.Part));
                Assert.Equal(options.Reference16 ? 0xABCD : 0xCD, decoded.Header.Reference);
                Assert.True(ends[i] == text.Length || boundaries.Contains(ends[i]));
            }

            // SMPP gives no septet count: a CR at the end of a full packed part reads as filling.
            var part = text[(i == 0 ? 0 : ends[i - 1])..(plan.Parts == 1 ? text.Length : ends[i])];
            Assert.True(decoded.Text == part || (plan.Packed && part == decoded.Text + "\r"));
            Assert.False(decoded.Replaced);
            all += part;
        }

        return all == text;
    }

    [Fact]
    public void Every_octet_string_comes_back()
    {
        var buffer = new byte[TextLimits.MaxPartOctets];
        foreach (var length in (int[])[0, 1, 140, 141, 268, 269, 1340])
        {
            var data = new byte[length];
            new System.Random(length).NextBytes(data);
            var plan = MessageEncoder.PlanBinary(length, EncodeOptions.Default);
            var all = new List<byte>();
            for (var i = 0; i < plan.Parts; i++)
            {
                var n = PartWriter.WriteBinaryPart(plan, data, i, 9, buffer, out var udhi);
                var decoded = MessageDecoder.Decode(buffer.AsSpan(0, n), plan.DataCoding, udhi, DecodeOptions.Default);
                Assert.Null(decoded.Text);
                all.AddRange(buffer[decoded.Header.Length..n]);
            }

            Assert.Equal(data, all);
        }
    }
}
