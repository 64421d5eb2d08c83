using Yarp.ReverseProxy.Forwarder;

namespace Portico.Edge.Proxy;

/// <summary>An instance sent a response that is not HTTP, or not a response to the request.</summary>
internal sealed class MalformedResponseException(string message) : Exception(message)
{
    /// <summary>Whether this is how an attempt failed. A response that could not be copied has headers that HTTP does not allow.</summary>
    public static bool IsCauseOf(ForwarderError error, Exception? exception)
    {
        if (error == ForwarderError.ResponseHeaders)
            return true;
        for (; exception is not null; exception = exception.InnerException)
        {
            if (exception is HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded }
                or HttpIOException { HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded })
                return true;
        }
        return false;
    }
}
