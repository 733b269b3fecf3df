using Strowger.Features.Messaging;

namespace Strowger.Server.Erasure;

/// <summary>A row of a campaign's file and where it stands. Valid until the next one is read.</summary>
/// <param name="Reader">Stands on it.</param>
/// <param name="To">The column of numbers; -1 when there is none.</param>
/// <param name="Start">Octet at which it begins, or blank lines before it.</param>
/// <param name="End">Octet behind its line end.</param>
internal readonly record struct CampaignFileRow(CsvReader Reader, int To, long Start, long End)
{
    public byte Delimiter => (byte)Reader.Delimiter;

    /// <summary>
    /// Whether its text goes to the number, read as it is when the text is made. One that is refused then, for blanks in it or a missing
    /// country code, is taken by what it must mean.
    /// </summary>
    public bool IsTo(NumberForms forms)
    {
        if (To < 0 || Reader.Problem != CsvProblem.None)
        {
            return false;
        }

        var field = Reader[To].Trim(" \t"u8);
        return Msisdn.TryParse(field, out var number, out _) ? number == forms.Number : forms.IsNumber(field);
    }

    /// <summary>Whether it names the number anywhere.</summary>
    public bool Names(NumberForms forms)
    {
        if (IsTo(forms))
        {
            return true;
        }

        for (var column = 0; column < Reader.Columns.Count; column++)
        {
            if (forms.IsIn(Reader[column]))
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary>Goes over campaigns' files, row by row, as campaigns themselves read them.</summary>
internal static class CampaignFileRows
{
    private const int FileBuffer = 128 * 1024;

    /// <param name="data">The data directory.</param>
    public static IEnumerable<string> FilesOf(string data) =>
        Path.Combine(data, "campaigns") is var directory && Directory.Exists(directory) ? Directory.EnumerateFiles(directory, "*.csv") : [];

    /// <param name="path">Of a file.</param>
    /// <param name="take">Called for each row.</param>
    /// <param name="cancel">Gives up between rows.</param>
    public static async Task ReadAsync(string path, Action<CampaignFileRow> take, CancellationToken cancel)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileBuffer, FileOptions.SequentialScan);
        await using (file.ConfigureAwait(false))
        {
            var reader = new CsvReader(file);
            if (!await reader.ReadHeaderAsync(cancel).ConfigureAwait(false))
            {
                return;
            }

            var to = reader.Find("to");
            var start = reader.Offset;
            while (await reader.ReadRowAsync(cancel).ConfigureAwait(false))
            {
                take(new CampaignFileRow(reader, to, start, reader.Offset));
                start = reader.Offset;
            }
        }
    }
}
