using System.Security.Cryptography;

namespace Strowger.Server.Backup;

/// <summary>Reads files no faster than a rate, with their checksum, and writes them where that is wanted. One thread at a time.</summary>
/// <param name="rate">Octets a second.</param>
/// <param name="time">For the rate.</param>
/// <param name="progress">Told octets read since the last time.</param>
internal sealed class PacedCopy(double rate, TimeProvider time, Action<long> progress)
{
    private readonly byte[] _block = new byte[BackupLimits.BlockBytes];
    private readonly long _started = time.GetTimestamp();
    private long _read;

    /// <summary>Copies the first octets of a file to a new one, which is on the disk when it returns.</summary>
    /// <returns>SHA-256 in hex, and how many octets there were.</returns>
    public async Task<(string Sha256, long Bytes)> CopyAsync(string from, string to, long most, CancellationToken cancel)
    {
        await using var target = OwnerOnly.Create(to);
        var result = await ReadAsync(from, most, target, cancel).ConfigureAwait(false);
        target.Flush(flushToDisk: true);
        return result;
    }

    /// <summary>Only the checksum.</summary>
    public Task<(string Sha256, long Bytes)> HashAsync(string path, CancellationToken cancel) => ReadAsync(path, long.MaxValue, null, cancel);

    private async Task<(string Sha256, long Bytes)> ReadAsync(string from, long most, FileStream? to, CancellationToken cancel)
    {
        using var source = File.OpenHandle(from, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.SequentialScan);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var total = 0L;
        while (total < most)
        {
            cancel.ThrowIfCancellationRequested();
            var count = RandomAccess.Read(source, _block.AsSpan(0, (int)Math.Min(_block.Length, most - total)), total);
            if (count == 0)
            {
                break;
            }

            hash.AppendData(_block, 0, count);
            if (to is not null)
            {
                to.Write(_block, 0, count);
                Writeback.Push(to.SafeFileHandle, total, count);
            }

            total += count;
            progress(count);
            await PaceAsync(count, cancel).ConfigureAwait(false);
        }

        return (Convert.ToHexStringLower(hash.GetHashAndReset()), total);
    }

    private async Task PaceAsync(int count, CancellationToken cancel)
    {
        _read += count;
        var ahead = TimeSpan.FromSeconds(_read / rate) - time.GetElapsedTime(_started);
        if (ahead > TimeSpan.FromMilliseconds(1))
        {
            await Task.Delay(ahead, time, cancel).ConfigureAwait(false);
        }
    }
}
