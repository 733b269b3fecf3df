using Microsoft.Win32.SafeHandles;
using Strowger.Features.Messaging;

namespace Strowger.Server.Erasure;

/// <summary>
/// Takes a number out of campaigns' files. Of a row to it every column is overwritten; elsewhere zeros stand where its digits stood. Rows
/// keep their places and lengths, and one that is still to be made a text is refused then.
/// </summary>
internal sealed class CampaignFileErasure(NumberForms forms)
{
    private const int BlockBytes = 1 << 20;

    /// <param name="data">The data directory.</param>
    /// <param name="cancel">Gives up between rows and blocks.</param>
    /// <returns>Rows and places overwritten.</returns>
    /// <exception cref="IOException">A file cannot be written; it can be tried again.</exception>
    public async Task<long> RunAsync(string data, CancellationToken cancel)
    {
        var total = 0L;
        foreach (var path in CampaignFileRows.FilesOf(data))
        {
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            var found = 0L;
            await CampaignFileRows.ReadAsync(
                path,
                row =>
                {
                    if (row.IsTo(forms))
                    {
                        Overwrite(file, row);
                        found++;
                    }
                },
                cancel).ConfigureAwait(false);
            found += Zero(file, cancel);
            if (found > 0)
            {
                RandomAccess.FlushToDisk(file);
            }

            total += found;
        }

        return total;
    }

    /// <summary>What divides the row into fields stays, so it is read as a row of so many fields by whoever comes later.</summary>
    private static void Overwrite(SafeFileHandle file, CampaignFileRow row)
    {
        // What is over a row's bound is of blank lines before it.
        var length = (int)Math.Min(row.End - row.Start, MessageLimits.MaxCsvRow + 2);
        var bytes = new byte[length];
        var at = row.End - length;
        bytes = bytes[..RandomAccess.Read(file, bytes, at)];

        // A blank line must stay one: rows are counted.
        var begin = Math.Max(0, bytes.AsSpan().IndexOfAnyExcept(" \t\r\n"u8));
        foreach (ref var octet in bytes.AsSpan(begin))
        {
            if (octet is not ((byte)'\r' or (byte)'\n' or (byte)'"') && octet != row.Delimiter)
            {
                octet = (byte)'x';
            }
        }

        RandomAccess.Write(file, bytes, at);
    }

    /// <summary>The other columns of other rows, and rows that cannot be read.</summary>
    private long Zero(SafeFileHandle file, CancellationToken cancel)
    {
        var block = new byte[BlockBytes];
        var found = 0L;

        // Blocks overlap, so that no run of digits is cut.
        for (var start = 0L; ; start += BlockBytes - NumberForms.Overlap)
        {
            cancel.ThrowIfCancellationRequested();
            var bytes = block.AsSpan(0, RandomAccess.Read(file, block, start));
            for (var from = 0; forms.TryFind(bytes, from, out var at, out var length); from = at + length)
            {
                // What touches an edge is met again in the next block, or was in the one before.
                if ((at > 0 || start == 0) && (at + length < bytes.Length || bytes.Length < BlockBytes))
                {
                    bytes.Slice(at, length).Fill((byte)'0');
                    RandomAccess.Write(file, bytes.Slice(at, length), start + at);
                    found++;
                }
            }

            if (bytes.Length < BlockBytes)
            {
                return found;
            }
        }
    }
}
