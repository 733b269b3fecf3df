using System.Security.Cryptography;
using Strowger.Engine.Journaling;
using Strowger.Features.Messaging;

namespace Strowger.Features.Campaigns;

/// <summary>A file that was received and is on disk, not yet a campaign's.</summary>
/// <param name="Path">Where it lies.</param>
/// <param name="Bytes">Octets, as UTF-8.</param>
/// <param name="Hash">SHA-256 of them.</param>
public sealed record ReceivedFile(string Path, long Bytes, ReadOnlyMemory<byte> Hash);

/// <summary>
/// Campaigns' files: <c>DATA/campaigns/cmp_….csv</c>, as they came but for UTF-16 and byte order marks, which are written as plain UTF-8
/// so that a place in the file is an octet. Their owner alone may read them.
/// </summary>
public sealed class CampaignFiles(string directory)
{
    private const string Unfinished = ".part";
    private const int CopyBytes = 256 * 1024;

    private long _received;

    public string PathOf(long id) => System.IO.Path.Combine(directory, new CampaignId(id) + ".csv");

    /// <summary>Takes away what a kill left half received.</summary>
    public void DropUnfinished()
    {
        foreach (var path in Directory.EnumerateFiles(directory, "*" + Unfinished))
        {
            File.Delete(path);
        }
    }

    /// <summary>Writes a stream to disk, to its end; fsynced when it returns.</summary>
    /// <returns>Null with the reason when it is too long or the disk is full.</returns>
    public async Task<(ReceivedFile? File, RequestError? Error)> ReceiveAsync(Stream from, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(from);
        var path = System.IO.Path.Combine(directory, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Interlocked.Increment(ref _received)}{Unfinished}"));
        try
        {
            var (bytes, hash) = await CopyAsync(from, path, cancel).ConfigureAwait(false);
            return (new ReceivedFile(path, bytes, hash), null);
        }
        catch (TooLongException)
        {
            File.Delete(path);
            return (null, new RequestError(413, "body_too_large", "file", $"the file is longer than {CampaignLimits.MaxFileBytes} octets"));
        }
        catch (DiskShortException)
        {
            File.Delete(path);
            return (null, new RequestError(503, "storage_full", "file", "there is no room on the disk for the file; nothing was kept of it"));
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }

    /// <summary>Gives a received file to a campaign; its name is on disk when it returns.</summary>
    public void Keep(ReceivedFile file, long id)
    {
        ArgumentNullException.ThrowIfNull(file);
        File.Move(file.Path, PathOf(id), overwrite: true);
        DirectorySync.Flush(directory);
    }

    public static void Drop(ReceivedFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        File.Delete(file.Path);
    }

    private async Task<(long Bytes, byte[] Hash)> CopyAsync(Stream from, string path, CancellationToken cancel)
    {
        var source = new CsvSource(from);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var to = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            BufferSize = 0,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        await using (to.ConfigureAwait(false))
        {
            var buffer = new byte[CopyBytes];
            var total = 0L;
            var checkedAt = -1L;
            int read;
            while ((read = await FillAsync(source, buffer, cancel).ConfigureAwait(false)) > 0)
            {
                total += read;
                if (total > CampaignLimits.MaxFileBytes)
                {
                    throw new TooLongException();
                }

                if (total >> 26 != checkedAt)
                {
                    checkedAt = total >> 26;
                    LeaveRoom();
                }

                hash.AppendData(buffer, 0, read);
                await to.WriteAsync(buffer.AsMemory(0, read), cancel).ConfigureAwait(false);
            }

            to.Flush(flushToDisk: true);
            return (total, hash.GetHashAndReset());
        }
    }

    private static async ValueTask<int> FillAsync(CsvSource source, byte[] buffer, CancellationToken cancel)
    {
        var filled = 0;
        while (filled < buffer.Length)
        {
            var read = await source.ReadAsync(buffer.AsMemory(filled), cancel).ConfigureAwait(false);
            if (read == 0)
            {
                break;
            }

            filled += read;
        }

        return filled;
    }

    /// <summary>Looked at every 64 MiB.</summary>
    private void LeaveRoom()
    {
        if (new DriveInfo(directory).AvailableFreeSpace < CampaignLimits.DiskReserve)
        {
            throw new DiskShortException();
        }
    }

    private sealed class TooLongException : Exception;

    private sealed class DiskShortException : Exception;
}
