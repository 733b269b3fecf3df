using System.Text;

namespace Strowger.Server.Erasure;

/// <summary>
/// Takes a number out of campaigns' files: zeros stand where its digits stood, so every row keeps its place, and one that is still to be made a
/// text is refused then. Found in its international digits only.
/// </summary>
internal static class CampaignFileErasure
{
    private const int BlockBytes = 1 << 20;

    /// <param name="data">The data directory.</param>
    /// <param name="digits">Without '+'.</param>
    /// <param name="cancel">Gives up between blocks.</param>
    /// <returns>Places overwritten.</returns>
    /// <exception cref="IOException">A file cannot be written; it can be tried again.</exception>
    public static long Run(string data, string digits, CancellationToken cancel)
    {
        var directory = Path.Combine(data, "campaigns");
        var total = 0L;
        if (Directory.Exists(directory))
        {
            foreach (var path in Directory.EnumerateFiles(directory, "*.csv"))
            {
                total += Overwrite(path, Encoding.ASCII.GetBytes(digits), cancel);
            }
        }

        return total;
    }

    private static long Overwrite(string path, byte[] digits, CancellationToken cancel)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        var zeros = new byte[digits.Length];
        zeros.AsSpan().Fill((byte)'0');
        var block = new byte[BlockBytes];

        // Blocks overlap by the digits and one on either side, so that none is cut.
        var step = BlockBytes - digits.Length - 2;
        var found = 0L;
        for (var at = 0L; ; at += step)
        {
            cancel.ThrowIfCancellationRequested();
            var bytes = block.AsSpan(0, RandomAccess.Read(file, block, at));
            for (var from = 0; from < bytes.Length && bytes[from..].IndexOf(digits) is >= 0 and var offset;)
            {
                var place = from + offset;
                from = place + 1;
                if (IsAlone(bytes, place, digits.Length, at))
                {
                    RandomAccess.Write(file, zeros, at + place);
                    zeros.CopyTo(bytes[place..]);
                    found++;
                }
            }

            if (bytes.Length < BlockBytes)
            {
                break;
            }
        }

        if (found > 0)
        {
            RandomAccess.FlushToDisk(file);
        }

        return found;
    }

    /// <summary>No further digit stands beside it. What touches a block's edge is met again in the next, or was in the one before.</summary>
    private static bool IsAlone(ReadOnlySpan<byte> bytes, int place, int length, long at)
    {
        var end = place + length;
        var isOpenBefore = place == 0 ? at == 0 : !char.IsAsciiDigit((char)bytes[place - 1]);
        var isOpenAfter = end == bytes.Length ? bytes.Length < BlockBytes : !char.IsAsciiDigit((char)bytes[end]);
        return isOpenBefore && isOpenAfter;
    }
}
