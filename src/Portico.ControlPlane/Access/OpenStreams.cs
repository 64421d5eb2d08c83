using Portico.ControlPlane.Refusals;

namespace Portico.ControlPlane.Access;

/// <summary>Bounds how many streams each user keeps open: every one of them reads what is new for as long as it lasts.</summary>
internal sealed class OpenStreams
{
    internal const int MostOfUser = 100;

    private readonly Dictionary<string, int> _open = [];
    private readonly Lock _gate = new();

    /// <summary>Opens a stream. Dispose the result when it has ended.</summary>
    /// <exception cref="RefusedException">429: the user has too many open streams.</exception>
    public IDisposable Open(Caller caller)
    {
        lock (_gate)
        {
            var open = _open.GetValueOrDefault(caller.UserId);
            if (open >= MostOfUser)
                throw Refusal.TooManyRequests($"You already have {MostOfUser} open streams of logs or pages. Close one of them first.");
            _open[caller.UserId] = open + 1;
        }
        return new Stream(this, caller.UserId);
    }

    private void Close(string user)
    {
        lock (_gate)
            if (--_open[user] == 0)
                _open.Remove(user);
    }

    private sealed class Stream(OpenStreams streams, string user) : IDisposable
    {
        private bool _isClosed;

        public void Dispose()
        {
            if (!_isClosed)
                streams.Close(user);
            _isClosed = true;
        }
    }
}
