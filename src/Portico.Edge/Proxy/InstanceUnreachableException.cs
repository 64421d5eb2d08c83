namespace Portico.Edge.Proxy;

/// <summary>No connection could be made, so no part of a request was sent.</summary>
internal sealed class InstanceUnreachableException(string message, Exception innerException) : IOException(message, innerException)
{
    public static bool IsCauseOf(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            if (exception is InstanceUnreachableException)
                return true;
        }
        return false;
    }
}
