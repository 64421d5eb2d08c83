using System.Security.Cryptography;
using Portico.Core.Engines;

namespace Portico.ControlPlane.Shells.Ssh;

/// <summary>Shells in sandboxes of their own that clients have asked for and connect to next. They are kept in memory: a client that is too late asks again.</summary>
internal sealed class EphemeralShells(TimeProvider time)
{
    public const string Prefix = "shl-";

    private const int Length = 20, MostOfUser = 20;
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (string Service, string User, ResourceLimits? Limits, DateTimeOffset Until)> _waiting = [];

    /// <summary>The user names with which clients connect to them.</summary>
    public IReadOnlyList<string> Names
    {
        get
        {
            lock (_gate)
            {
                Forget();
                return [.. _waiting.Select(item => $"{item.Key}.{item.Value.Service}")];
            }
        }
    }

    /// <returns>Its id; null if the user has too many.</returns>
    public string? Add(string service, string user, ResourceLimits? limits)
    {
        lock (_gate)
        {
            Forget();
            if (_waiting.Values.Count(shell => shell.User == user) >= MostOfUser)
                return null;
            var id = Prefix + RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz0123456789", Length);
            _waiting[id] = (service, user, limits, time.GetUtcNow() + Lifetime);
            return id;
        }
    }

    /// <summary>Takes a shell. It can be taken once.</summary>
    /// <returns>False if this user has not asked for it, or too long ago.</returns>
    public bool TryTake(string id, string service, string user, out ResourceLimits? limits)
    {
        lock (_gate)
        {
            Forget();
            var found = _waiting.TryGetValue(id, out var shell) && shell.Service == service && shell.User == user && _waiting.Remove(id);
            limits = found ? shell.Limits : null;
            return found;
        }
    }

    private void Forget()
    {
        var now = time.GetUtcNow();
        foreach (var id in _waiting.Where(item => item.Value.Until <= now).Select(item => item.Key).ToList())
            _waiting.Remove(id);
    }
}
