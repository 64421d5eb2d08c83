using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Portico.ControlPlane.State;
using Portico.Hosting.Loops;

namespace Portico.ControlPlane.Access;

/// <summary>Records when each key was last used, at most once a minute and without delaying a request.</summary>
internal sealed class ApiKeyUsage(IDbContextFactory<PorticoDb> databases, BackgroundLoops loops, TimeProvider time) : BackgroundService
{
    private const int MostWaiting = 1000;

    /// <summary>Above this, entries that are too old to matter are removed: logins come and go.</summary>
    private const int MostNoted = 1000;

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, DateTimeOffset> _noted = new();

    // A use that is not noted is noted a minute later, if the key is still used.
    private readonly Channel<(string Key, DateTimeOffset At)> _waiting = Channel.CreateBounded<(string, DateTimeOffset)>(
        new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    public void Note(string key)
    {
        var now = time.GetUtcNow();
        if (_noted.TryGetValue(key, out var last) && now - last < Interval)
            return;
        if (_noted.Count >= MostNoted)
            ForgetOld(now);
        _noted[key] = now;
        _waiting.Writer.TryWrite((key, now));
    }

    /// <summary>Removes a key that was revoked.</summary>
    public void Forget(string key) => _noted.TryRemove(key, out _);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => loops.RunAsync("uses of API keys", NoteAsync, stoppingToken);

    private async Task<TimeSpan> NoteAsync(CancellationToken cancellationToken)
    {
        await _waiting.Reader.WaitToReadAsync(cancellationToken);
        while (_waiting.Reader.TryRead(out var use))
            await SaveAsync(use.Key, use.At, cancellationToken);
        return TimeSpan.Zero;
    }

    private void ForgetOld(DateTimeOffset now)
    {
        foreach (var use in _noted.Where(use => now - use.Value >= Interval))
            _noted.TryRemove(use);
    }

    private async Task SaveAsync(string key, DateTimeOffset at, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var isKey = await db.ApiKeys.Where(row => row.Id == key)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.LastUsedAt, at), cancellationToken) > 0;
        if (isKey)
            return;
        await db.Logins.Where(row => row.Id == key)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.LastUsedAt, at), cancellationToken);
        await db.Sessions.Where(row => row.Id == key)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.LastUsedAt, at), cancellationToken);
    }
}
