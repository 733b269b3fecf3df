using System.Buffers;
using System.Text;
using Strowger.Features.Messaging;

namespace Strowger.Features.Campaigns;

/// <summary>The rows of a campaign's file as texts, one after the other. Not safe for several threads.</summary>
internal sealed class CampaignRows : IDisposable
{
    private const int FileBuffer = 128 * 1024;

    private readonly FileStream _file;
    private readonly CsvReader _reader;
    private readonly ArrayBufferWriter<byte> _text = new(256);
    private readonly Sender _from;
    private readonly byte[] _channel;
    private readonly byte[] _campaign;
    private Template? _template;
    private int _to = -1;
    private int _reference = -1;

    private CampaignRows(FileStream file, CsvReader reader, string from, string? channel, string campaign)
    {
        _file = file;
        _reader = reader;
        if (!Sender.TryParse(Encoding.UTF8.GetBytes(from), out _from, out var error))
        {
            throw new ArgumentException(error, nameof(from));
        }

        _channel = Encoding.UTF8.GetBytes(channel ?? string.Empty);
        _campaign = Encoding.UTF8.GetBytes(campaign);
    }

    public IReadOnlyList<string> Columns => _reader.Columns;

    public char Delimiter => _reader.Delimiter;

    /// <summary>Rows read so far, those before the place where it began included.</summary>
    public long Row { get; private set; }

    /// <summary>Line on which the row begins.</summary>
    public long Line => _reader.Line;

    /// <summary>Where the next row begins.</summary>
    public long Offset => _reader.Offset;

    public long NextLine => _reader.NextLine;

    /// <summary>Whether it could go on here after a restart.</summary>
    public bool IsAtRow => _reader.IsAtRow;

    /// <summary>The text as it was made of the row, UTF-8.</summary>
    public ReadOnlySpan<byte> Text => _text.WrittenSpan;

    /// <summary>Opens a file at its header; the error says what is wrong with the header or with the template for it.</summary>
    public static async ValueTask<(CampaignRows? Rows, RequestError? Error)> OpenAsync(string path, CampaignSpec spec, CancellationToken cancel)
    {
        var file = OpenFile(path);
        var rows = new CampaignRows(file, new CsvReader(file), spec.From, spec.Channel, string.Empty);
        var error = await rows._reader.ReadHeaderAsync(cancel).ConfigureAwait(false) ? rows.Bind(spec.Text) : RequestError.Of("file", "invalid_csv", rows._reader.Explain());
        if (error is null)
        {
            return (rows, null);
        }

        rows.Dispose();
        return (null, error);
    }

    /// <summary>Opens a file at a row whose place is known.</summary>
    public static CampaignRows Resume(string path, Records.Campaigns.CampaignRecord campaign, Records.Campaigns.CampaignPass at, string id)
    {
        var file = OpenFile(path);
        try
        {
            file.Position = at.Offset;
            var rows = new CampaignRows(file, new CsvReader(file, campaign.Columns, campaign.Delimiter, at.Offset, at.Line), campaign.From, campaign.Channel, id) { Row = at.Row };
            return rows.Bind(campaign.Text) is { } error ? throw new InvalidDataException($"{path}: {error.Detail}") : rows;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads a row; false at the end.</summary>
    public async ValueTask<bool> NextAsync(CancellationToken cancel)
    {
        if (!await _reader.ReadRowAsync(cancel).ConfigureAwait(false))
        {
            return false;
        }

        Row++;
        return true;
    }

    /// <summary>The row's number; false when it is none.</summary>
    public bool TryNumber(out Msisdn number) => Msisdn.TryParse(_reader[_to].Trim(" \t"u8), out number, out _);

    /// <summary>Makes the text of the row and has it checked.</summary>
    public RequestError? Check(CampaignDoor door, out CheckedText text)
    {
        text = default;
        if (_reader.Problem != CsvProblem.None)
        {
            return new RequestError(422, "invalid_csv", null, _reader.Explain());
        }

        _text.ResetWrittenCount();
        _template!.Render(_reader, _text);
        return door.Check(
            new TextFields
            {
                To = _reader[_to],
                From = _from,
                Text = _text.WrittenSpan,
                Channel = _channel,
                Campaign = _campaign,
                Reference = _reference < 0 ? default : _reader[_reference],
                Priority = MessagePriority.Bulk,
            },
            out text);
    }

    public void Dispose() => _file.Dispose();

    private static FileStream OpenFile(string path) =>
        new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, FileBuffer, FileOptions.SequentialScan);

    private RequestError? Bind(string text)
    {
        _to = _reader.Find("to");
        _reference = _reader.Find("reference");
        if (_to < 0)
        {
            return RequestError.Of("file", "missing_column", $"there is no column 'to' with the numbers; the file has {string.Join(", ", _reader.Columns)}");
        }

        _template = Template.Parse(text, _reader.Columns, out var error);
        return _template is null ? RequestError.Of("text", "invalid_template", error!) : null;
    }
}
