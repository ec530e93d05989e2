//! The courier: queues facts for the webhooks that want them, and posts what is due. Each node may have
//! one; a fact is taken under a lease, so that one node sends it.
//!
//! A webhook is served in lanes. It begins with one and has more as long as there is more to do, so
//! that a slow answer holds up neither another webhook nor, up to the number of lanes, what comes next.

use crate::failure::Failure;
use crate::place;
use crate::worker::{Round, Worker};
use base::{CompanyId, Timestamp, WebhookId};
use clap::ValueEnum;
use std::collections::HashMap;
use std::io::Read;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use store::{Database, StoreError, Tx};
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, Error};
use webhooks::{AddressClass, Ended, Noted, Outgoing};

/// How long the courier rests between its rounds.
const REST: Duration = Duration::from_secs(1);
/// How long a webhook is waited for in all: much shorter than the lease of a delivery.
const PATIENCE: Duration = Duration::from_secs(10);
/// How much of an answer is read, in bytes.
const READ: u64 = 4_096;
/// How many transactions of handing out, or of giving up, one company has in a round: others wait.
const STEPS: usize = 10;
/// How many deliveries one node has in hand for a webhook, and in all.
const LANES: usize = 4;
const ALL_LANES: usize = 64;

/// What may be spoken to beside public addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Reach {
    /// This machine, also without TLS.
    Loopback,
    /// The networks of the house, such as 10.0.0.0/8 and fd00::/8.
    Private,
    /// What needs no router, such as 169.254.0.0/16. In a cloud its machines' credentials are there.
    LinkLocal,
}

/// Lets a connection be made only to where it may. It is asked whenever one is made, so that a name that
/// leads elsewhere by now is found out.
#[derive(Debug)]
struct Doorman {
    names: DefaultResolver,
    reach: Vec<Reach>,
}

impl Doorman {
    /// Why an address is not spoken to.
    fn refusal(&self, uri: &Uri, address: SocketAddr) -> Option<String> {
        let class = webhooks::class_of(address.ip());
        let (host, ip) = (uri.host().unwrap_or_default(), address.ip());
        if uri.scheme_str() != Some("https") && class != AddressClass::Loopback {
            return Some(format!("{host} leads to {ip}, which is not this machine; use https"));
        }
        let (needed, word) = match class {
            AddressClass::Public => return None,
            AddressClass::Loopback => (Some(Reach::Loopback), "this machine"),
            AddressClass::Private => (Some(Reach::Private), "a private network"),
            AddressClass::LinkLocal => (Some(Reach::LinkLocal), "a link-local network"),
            AddressClass::Special => (None, "no address of a machine"),
        };
        if needed.is_some_and(|needed| self.reach.contains(&needed)) {
            return None;
        }
        let hint = needed.and_then(|needed| needed.to_possible_value()).map_or_else(
            String::new,
            |value| {
                format!(
                    "; who runs the server allows it with --webhooks-reach {}",
                    value.get_name()
                )
            },
        );
        Some(format!("{host} leads to {ip}, {word}, and is not spoken to{hint}"))
    }
}

impl Resolver for Doorman {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        let found = self.names.resolve(uri, config, timeout)?;
        match found.iter().find_map(|address| self.refusal(uri, *address)) {
            None => Ok(found),
            Some(refusal) => Err(Error::Other(refusal.into())),
        }
    }
}

/// Posts facts to webhooks.
#[derive(Clone, Debug)]
pub(crate) struct Sender {
    agent: Agent,
}

impl Sender {
    /// A sender that speaks to public addresses, and to what else it may.
    pub(crate) fn new(reach: &[Reach]) -> Sender {
        let config = Agent::config_builder()
            .timeout_global(Some(PATIENCE))
            .http_status_as_error(false)
            // A redirect would lead past what was registered, and an environment's proxy past the doorman.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(None)
            .user_agent(concat!("Purser/", env!("CARGO_PKG_VERSION")))
            .build();
        let doorman = Doorman { names: DefaultResolver::default(), reach: reach.to_vec() };
        Sender { agent: Agent::with_parts(config, DefaultConnector::default(), doorman) }
    }

    /// Makes an attempt.
    fn send(&self, outgoing: &Outgoing, now: Timestamp) -> Ended {
        let began = Instant::now();
        let (status, answer) = self.post(outgoing, now).unwrap_or_else(|error| {
            let told = match error {
                Error::Other(refusal) => refusal.to_string(),
                other => other.to_string(),
            };
            (0, told)
        });
        let millis = i64::try_from(began.elapsed().as_millis()).unwrap_or(i64::MAX);
        Ended { status, answer, millis }
    }

    fn post(&self, outgoing: &Outgoing, now: Timestamp) -> Result<(i64, String), Error> {
        let mut request =
            self.agent.post(&outgoing.address).header("content-type", "application/json");
        for (name, value) in outgoing.headers(now) {
            request = request.header(name, value);
        }
        let mut response = request.send(&outgoing.body)?;
        let status = i64::from(response.status().as_u16());
        let mut answer = Vec::new();
        // The status says whether it arrived; an answer that breaks off or never ends is cut there.
        let read = response.body_mut().as_reader().take(READ).read_to_end(&mut answer);
        if let Err(error) = read {
            tracing::debug!(%error, "a webhook's answer broke off");
        }
        Ok((status, String::from_utf8_lossy(&answer).into_owned()))
    }
}

/// How many deliveries were made, and how many were not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub delivered: usize,
    pub failed: usize,
}

/// What a lane is: whose facts go to which webhook.
type Route = (CompanyId, WebhookId);

/// What a round of a company found.
#[derive(Clone, Copy, Debug)]
struct Rounded {
    /// Something was due.
    due: bool,
    /// Something was left for the next round.
    more: bool,
}

/// The lanes of a node.
struct Courier {
    database: Database,
    sender: Sender,
    now: fn() -> Timestamp,
    stopping: AtomicBool,
    open: Mutex<HashMap<Route, usize>>,
    threads: Mutex<Vec<JoinHandle<()>>>,
    tally: Mutex<Tally>,
}

impl Courier {
    fn new(database: &Database, sender: Sender, now: fn() -> Timestamp) -> Arc<Courier> {
        Arc::new(Courier {
            database: database.clone(),
            sender,
            now,
            stopping: AtomicBool::new(false),
            open: Mutex::default(),
            threads: Mutex::default(),
            tally: Mutex::default(),
        })
    }

    /// One round for a company: what waits is queued, so far as a round goes, and lanes are opened to where
    /// something is due.
    fn go_round(self: &Arc<Courier>, company: CompanyId) -> Result<Rounded, Failure> {
        let look = |courier: &Courier| {
            let now = (courier.now)();
            courier.database.read(move |tx| webhooks::waiting(tx, company, now))
        };
        let mut waiting = look(self)?;
        let mut more = false;
        if waiting.lost {
            let now = (self.now)();
            let lost = self.database.write(move |tx| webhooks::free_lost(tx, company, now))?;
            tracing::warn!(lost, "deliveries of a server that stopped are made again");
        }
        if waiting.old_secrets {
            let now = (self.now)();
            self.database.write(move |tx| webhooks::forget_old_secrets(tx, company, now))?;
        }
        if waiting.facts {
            more |= self.in_steps(move |tx, now| webhooks::queue_facts(tx, company, now))?;
        }
        if let Some(webhook) = waiting.retired {
            more |= self.in_steps(move |tx, _| webhooks::give_up_retired(tx, company, webhook))?;
        }
        if waiting.facts || waiting.lost {
            waiting = look(self)?;
        }
        for webhook in &waiting.due {
            self.open_lane((company, *webhook));
        }
        Ok(Rounded { due: !waiting.due.is_empty(), more })
    }

    /// Does something that answers whether there is more of it until there is not, until a round has
    /// enough, or until the server stops; answers whether more is left. Each step is at a moment of its
    /// own.
    fn in_steps(
        &self,
        step: impl Fn(&mut Tx<'_>, Timestamp) -> Result<bool, StoreError> + Copy + Send + 'static,
    ) -> Result<bool, Failure> {
        for _ in 0..STEPS {
            let now = (self.now)();
            if self.stopping.load(Ordering::Relaxed)
                || !self.database.write(move |tx| step(tx, now))?
            {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Opens a lane, unless there are enough.
    fn open_lane(self: &Arc<Courier>, route: Route) {
        let mut open = held(&self.open);
        let all: usize = open.values().sum();
        let lanes = open.entry(route).or_default();
        if *lanes >= LANES || all >= ALL_LANES || self.stopping.load(Ordering::Relaxed) {
            return;
        }
        *lanes += 1;
        drop(open);
        let courier = Arc::clone(self);
        let lane = std::thread::spawn(move || {
            let _open = OpenLane { courier: &courier, route };
            if let Err(failure) = courier.work(route) {
                tracing::warn!(%failure, "facts were not delivered");
            }
        });
        let mut threads = held(&self.threads);
        threads.retain(|thread| !thread.is_finished());
        threads.push(lane);
    }

    /// Delivers what is due at a webhook until nothing is.
    fn work(self: &Arc<Courier>, route: Route) -> Result<(), Failure> {
        let (company, webhook) = route;
        while !self.stopping.load(Ordering::Relaxed) {
            let now = (self.now)();
            let found =
                self.database.write(move |tx| webhooks::take_due(tx, company, webhook, now))?;
            let Some(outgoing) = found else { return Ok(()) };
            self.open_lane(route);
            let ended = self.sender.send(&outgoing, (self.now)());
            let now = (self.now)();
            let noted = self
                .database
                .write(move |tx| webhooks::note_attempt(tx, &outgoing, &ended, now))?;
            let mut tally = held(&self.tally);
            match noted {
                Noted::Delivered => tally.delivered += 1,
                Noted::Again | Noted::GivenUp | Noted::Overtaken => tally.failed += 1,
            }
        }
        Ok(())
    }

    /// Waits until every lane has ended.
    fn drain(&self) {
        loop {
            let threads = std::mem::take(&mut *held(&self.threads));
            if threads.is_empty() {
                return;
            }
            for thread in threads {
                if thread.join().is_err() {
                    tracing::error!("a lane ended in a panic");
                }
            }
        }
    }
}

/// A lane that is counted while it is open, however it ends.
struct OpenLane<'c> {
    courier: &'c Courier,
    route: Route,
}

impl Drop for OpenLane<'_> {
    fn drop(&mut self) {
        let mut open = held(&self.courier.open);
        if let Some(lanes) = open.get_mut(&self.route) {
            *lanes -= 1;
            if *lanes == 0 {
                open.remove(&self.route);
            }
        }
    }
}

fn held<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Starts delivering the facts of all companies of a database. At its end it waits for what is on its
/// way.
pub(crate) fn start(database: &Database, sender: Sender) -> Worker {
    let courier = Courier::new(database, sender, place::now);
    Worker::start("courier", REST, move |round| {
        if round == Round::Last {
            courier.stopping.store(true, Ordering::Relaxed);
            return courier.drain();
        }
        let companies = match place::companies(&courier.database) {
            Ok(companies) => companies,
            Err(failure) => return tracing::warn!(%failure, "facts were not delivered"),
        };
        for (company, _) in companies {
            match courier.go_round(company) {
                Ok(found) if found.more => tracing::debug!("facts are left for the next round"),
                Ok(_) => {}
                Err(failure) => tracing::warn!(%failure, "facts were not delivered"),
            }
        }
    })
}

/// Delivers once what is due of a company.
pub(crate) fn deliver(
    database: &Database,
    sender: Sender,
    company: CompanyId,
) -> Result<Tally, Failure> {
    let courier = Courier::new(database, sender, place::now);
    let mut before = Tally::default();
    loop {
        let found = courier.go_round(company)?;
        courier.drain();
        let after = *held(&courier.tally);
        if !found.more && (!found.due || after == before) {
            return Ok(after);
        }
        before = after;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_is_made_only_to_where_it_may() {
        let refusal = |reach: &[Reach], uri: &str, address: &str| {
            let doorman = Doorman { names: DefaultResolver::default(), reach: reach.to_vec() };
            let uri: Uri = uri.parse().expect("an address");
            let socket = SocketAddr::new(address.parse().expect("an address"), 443);
            doorman.refusal(&uri, socket)
        };
        let https = "https://shop.example/";
        let all = [Reach::Loopback, Reach::Private, Reach::LinkLocal];
        for (reach, uri, address, goes) in [
            (&[][..], https, "93.184.216.34", true),
            (&[], https, "127.0.0.1", false),
            (&[], https, "10.0.0.1", false),
            (&[], https, "169.254.169.254", false),
            (&[], https, "::ffff:192.168.0.1", false),
            (&[Reach::Loopback], https, "127.0.0.1", true),
            (&[Reach::Loopback], https, "10.0.0.1", false),
            (&[Reach::Private], https, "10.0.0.1", true),
            (&[Reach::Private], https, "169.254.169.254", false),
            (&[Reach::LinkLocal], https, "169.254.169.254", true),
            (&all, https, "224.0.0.1", false),
            (&all, "http://127.0.0.1/", "127.0.0.1", true),
            (&all, "http://localhost/", "10.0.0.1", false),
            (&all, "http://localhost/", "93.184.216.34", false),
            (&[], "http://127.0.0.1/", "127.0.0.1", false),
        ] {
            let refusal = refusal(reach, uri, address);
            assert_eq!(refusal.is_none(), goes, "{reach:?} {uri} {address}: {refusal:?}");
        }
    }
}
