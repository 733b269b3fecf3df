using Strowger.Engine;

namespace Strowger.Server.Http;

/// <summary>How far read models are behind the log, in time: the age of the oldest event they do not have.</summary>
internal sealed class Lag(HttpServices services)
{
    public TimeSpan Of(string name)
    {
        foreach (var projection in services.Projections)
        {
            if (projection.Name == name)
            {
                return Of(projection);
            }
        }

        return TimeSpan.Zero;
    }

    public TimeSpan Of(ProjectionHost projection)
    {
        if (projection.Behind == 0)
        {
            return TimeSpan.Zero;
        }

        long? oldest = null;
        var reader = EventReader.From(services.Engine, projection.Cursor);
        while (oldest is null && reader.ReadRecord((in EngineEvent item) => oldest ??= item.TimeMs))
        {
        }

        var now = services.Time.GetUtcNow().ToUnixTimeMilliseconds();
        return TimeSpan.FromMilliseconds(Math.Max(0, now - (oldest ?? now)));
    }
}
