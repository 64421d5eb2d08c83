using Portico.ControlPlane.Access;
using Portico.ControlPlane.Refusals;

namespace Portico.ControlPlane.Shells;

/// <summary>Bounds how many sessions each user and each service has at the same time.</summary>
internal sealed class ShellLimits
{
    internal const int MostOfUser = 20, MostOfService = 40;

    private readonly Lock _gate = new();
    private readonly List<(string User, string Service)> _open = [];

    /// <summary>Takes a place. Dispose the result when the session has ended.</summary>
    /// <exception cref="RefusedException">429: the user or the service has too many sessions.</exception>
    public IDisposable Open(Caller caller, string service)
    {
        var entry = (caller.UserId, service);
        lock (_gate)
        {
            if (_open.Count(open => open.User == caller.UserId) >= MostOfUser)
                throw Refusal.TooManyRequests($"You already have {MostOfUser} shells and commands. Close one of them first.");
            if (_open.Count(open => open.Service == service) >= MostOfService)
                throw Refusal.TooManyRequests($"This service already has {MostOfService} shells and commands. Close one of them first.");
            _open.Add(entry);
        }
        return new Place(this, entry);
    }

    private void Close((string, string) entry)
    {
        lock (_gate)
            _open.Remove(entry);
    }

    private sealed class Place(ShellLimits limits, (string, string) entry) : IDisposable
    {
        private bool _isClosed;

        public void Dispose()
        {
            if (!_isClosed)
                limits.Close(entry);
            _isClosed = true;
        }
    }
}
