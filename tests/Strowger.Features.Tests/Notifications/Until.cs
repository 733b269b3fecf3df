using System.Runtime.CompilerServices;

namespace Strowger.Features.Tests.Notifications;

internal static class Until
{
    /// <summary>Asks again until it is so.</summary>
    public static async Task TrueAsync(Func<bool> condition, Func<string>? found = null, [CallerArgumentExpression(nameof(condition))] string? what = null)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!condition())
        {
            Assert.False(patience.IsCancellationRequested, $"waited 20 s for {what}; {found?.Invoke()}");
            await Task.Yield();
        }
    }
}
