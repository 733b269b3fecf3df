using System.Buffers;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Strowger.Features.Messaging;

namespace Strowger.Features.Tests.Messaging;

public sealed class CsvReaderTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("to,name\n46701234567,Anna\n", "to|name / 2:46701234567|Anna")]
    [InlineData("\uFEFFto;name\r\n1;\"a;b\"\r\n", "to|name / 2:1|a;b")]
    [InlineData("to\tname\r1\tx\r\r2\ty", "to|name / 2:1|x / 4:2|y")]
    [InlineData("sep=;\nto;a,b\n1;2", "to|a,b / 3:1|2")]
    [InlineData(" to , name \n1,\"He said \"\"hi\"\"\nand left\"\n\n  \n2,x\n", "to|name / 2:1|He said \"hi\"\nand left / 6:2|x")]
    [InlineData("to,name\n1,5\" nail\n2,\"a\"b\n3\n4,,,\n", "to|name / 2:1|5\" nail / 3:2|ab / 4:3| / 5:4|")]
    [InlineData("to,name\n1,2,3\n4,5", "to|name / 2:TooManyFields / 3:4|5")]
    [InlineData("to,name\n1,\"open\n2,b\n3,c\n", "to|name / 2:UnclosedQuote / 3:2|b / 4:3|c")]
    [InlineData("to", "to")]
    [InlineData("", "NoHeader")]
    [InlineData("\n \n", "NoHeader")]
    [InlineData("to,TO\n", "DuplicateColumn")]
    [InlineData("\"to\",\"na\nme\"\n1,2", "to|na\nme / 3:1|2")]
    public async Task Files_are_read_however_they_are_cut(string file, string expected)
    {
        foreach (var size in (int[])[1, 2, 3, 4096])
        {
            Assert.Equal(expected, await ReadAllAsync(Encoding.UTF8.GetBytes(file), () => size));
        }
    }

    [Fact]
    public async Task Every_encoding_comes_out_as_utf8()
    {
        const string File = "to;name\r\n1;Åsa €\r\n2;\U0001F600\r\n";
        const string Expected = "to|name / 2:1|Åsa € / 3:2|\U0001F600";
        byte[][] files =
        [
            Encoding.UTF8.GetBytes(File),
            [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(File)],
            [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(File)],
            [.. Encoding.BigEndianUnicode.Preamble, .. Encoding.BigEndianUnicode.GetBytes(File)],
            Encoding.Unicode.GetBytes(File),
            Encoding.BigEndianUnicode.GetBytes(File),
        ];
        foreach (var file in files)
        {
            Assert.Equal(Expected, await ReadAllAsync(file, () => 3));
            Assert.Equal(Expected, await ReadAllAsync(file, () => 4096));
        }

        byte[] windows = [.. "to,name\n1,"u8, 0xC5, (byte)'s', (byte)'a', (byte)' ', 0x80, 0x96, .. "\n2,b"u8];
        Assert.Equal("to|name / 2:1|Åsa €– / 3:2|b", await ReadAllAsync(windows, () => 4096));
    }

    [Fact]
    public async Task Rows_too_long_are_passed_over()
    {
        var big = new string('x', MessageLimits.MaxCsvRow);
        var huge = new string('x', 10 * MessageLimits.MaxCsvRow);
        foreach (var size in (int[])[999, 50_000, 1 << 20])
        {
            Assert.Equal(
                "to|n / 2:RowTooLong / 3:2|b / 4:RowTooLong / 5:3|c",
                await ReadAllAsync(Encoding.UTF8.GetBytes($"to,n\n1,{big}\n2,b\n1,{huge}\r\n3,c"), () => size));
            Assert.Equal("to|n / 2:UnclosedQuote / 3:2|b", await ReadAllAsync(Encoding.UTF8.GetBytes($"to,n\n1,\"{huge}\n2,b"), () => size));
        }

        Assert.Equal("RowTooLong", await ReadAllAsync(Encoding.UTF8.GetBytes(huge), () => 4096));
        Assert.Equal("TooManyColumns", await ReadAllAsync(Encoding.UTF8.GetBytes(new string(',', 300)), () => 4096));
    }

    [Fact]
    public void Any_table_comes_back()
    {
        var fields = Gen.Elements("", "a", "b,c", "\"", "x\"y", "å", "\U0001F600", "l1\nl2", "t\r\nu", "  ", ";");
        var gen = from rows in Gen.Choose(0, 20)
                  from columns in Gen.Choose(1, 6)
                  from cells in fields.ArrayOf(rows * columns)
                  from size in Gen.Choose(1, 50)
                  select (rows, columns, cells, size);
        Prop.ForAll(gen.ToArbitrary(), x =>
        {
            var text = new StringBuilder(string.Join(',', Enumerable.Range(0, x.columns).Select(c => "c" + c))).Append(",to\n");
            var expected = new StringBuilder(string.Join('|', Enumerable.Range(0, x.columns).Select(c => "c" + c))).Append("|to");
            var line = 2;
            foreach (var row in x.cells.Chunk(x.columns))
            {
                text.Append(string.Join(',', row.Select(f => '"' + f.Replace("\"", "\"\"", StringComparison.Ordinal) + '"'))).Append(",1\n");
                expected.Append(" / ").Append(line).Append(':').Append(string.Join('|', row)).Append("|1");
                line += 1 + row.Sum(f => f.Count(c => c == '\n'));
            }

            return ReadAllAsync(Encoding.UTF8.GetBytes(text.ToString()), () => x.size).GetAwaiter().GetResult() == expected.ToString();
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500).WithReplay(5, 11));
    }

    [Fact]
    public async Task Random_files_give_the_same_in_one_piece_as_in_many()
    {
        var random = new Random(4);
        var alphabet = "\",;\t|\r\n a1=\0"u8.ToArray();
        for (var i = 0; i < 20_000; i++)
        {
            var octets = new byte[random.Next(0, 40)];
            for (var j = 0; j < octets.Length; j++)
            {
                octets[j] = i % 2 == 0 ? alphabet[random.Next(alphabet.Length)] : (byte)random.Next(256);
            }

            Assert.Equal(await ReadAllAsync(octets, () => 100), await ReadAllAsync(octets, () => random.Next(1, 6)));
        }
    }

    [Theory]
    [InlineData("Hello {name}!", "Hello Anna!")]
    [InlineData("{ NAME }{to}", "Anna1")]
    [InlineData("{{name}} {name}}}", "{name} Anna}")]
    [InlineData("", "")]
    public async Task Templates_are_filled_in(string template, string expected)
    {
        var reader = new CsvReader(new MemoryStream("to,name\n1,Anna\n"u8.ToArray()));
        Assert.True(await reader.ReadHeaderAsync(Cancellation));
        var parsed = Template.Parse(template, reader.Columns, out var error);
        Assert.Null(error);
        Assert.True(await reader.ReadRowAsync(Cancellation));
        var writer = new ArrayBufferWriter<byte>();
        parsed!.Render(reader, writer);
        Assert.Equal(expected, Encoding.UTF8.GetString(writer.WrittenSpan));
    }

    [Theory]
    [InlineData("Hi {nam}", "no column 'nam' (character 4); the file has to, name")]
    [InlineData("Hi {", "not closed")]
    [InlineData("Hi }", "write '}}'")]
    [InlineData("{}", "no column ''")]
    public void Wrong_templates_say_why(string template, string why)
    {
        Assert.Null(Template.Parse(template, ["to", "name"], out var error));
        Assert.Contains(why, error, StringComparison.Ordinal);
    }

    private static async Task<string> ReadAllAsync(byte[] file, Func<int> size)
    {
        var reader = new CsvReader(new Pieces(file, size));
        if (!await reader.ReadHeaderAsync(Cancellation))
        {
            Assert.StartsWith("line ", reader.Explain(), StringComparison.Ordinal);
            return reader.Problem.ToString();
        }

        var all = new StringBuilder(string.Join('|', reader.Columns));
        while (await reader.ReadRowAsync(Cancellation))
        {
            all.Append(" / ").Append(reader.Line).Append(':');
            if (reader.Problem != CsvProblem.None)
            {
                all.Append(reader.Problem);
                continue;
            }

            for (var i = 0; i < reader.Columns.Count; i++)
            {
                all.Append(i == 0 ? "" : "|").Append(Encoding.UTF8.GetString(reader[i]));
            }
        }

        return all.ToString();
    }
}
