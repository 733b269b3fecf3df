using System.Diagnostics.CodeAnalysis;

namespace Strowger.Server.Http.Planning;

/// <summary>Plans and readings of lateness are made one at a time over all who ask, beside the sending.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore without a wait handle holds nothing to release.")]
internal sealed class PlanDesk
{
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <param name="wait">How long to stand in line at most.</param>
    /// <param name="work">Runs when it is this one's turn.</param>
    /// <param name="cancel">Of whoever asks: when they are gone nothing is made.</param>
    /// <returns>False when its turn did not come.</returns>
    public async Task<bool> TryRunAsync(TimeSpan wait, Func<CancellationToken, Task> work, CancellationToken cancel)
    {
        if (!await _turn.WaitAsync(wait, cancel).ConfigureAwait(false))
        {
            return false;
        }

        try
        {
            await work(cancel).ConfigureAwait(false);
            return true;
        }
        finally
        {
            _turn.Release();
        }
    }
}
