// The control half of a session: reports in and out, BYE, SSRC collisions.
#include <algorithm>

#include "sansip/core/base/check.h"
#include "sansip/rtp/session.h"

namespace sansip::rtp {
namespace {

constexpr std::uint32_t kIpv4UdpOctets = 28;
constexpr std::uint32_t kIpv6UdpOctets = 48;
// Bounds the actions of one deadline; the next report sees to the rest.
constexpr std::size_t kTimeoutsPerReport = 2;
constexpr std::size_t kSsrcDrawsMax = 16;

}  // namespace

// RFC 3550 6.2: sizes count UDP and IP.
std::uint32_t Session::WithLowerHeaders(std::size_t octets) const {
  const bool ipv6 = RtcpDestination().family == SocketAddress::Family::kIpv6;
  return static_cast<std::uint32_t>(octets) + (ipv6 ? kIpv6UdpOctets : kIpv4UdpOctets);
}

// From the announced port, or from the host that media is taken from.
bool Session::TakesRtcpFrom(const SocketAddress& address) const {
  if (address == stream_.remote_rtcp) return true;
  if (options_.latch == LatchPolicy::kSignalledOnly) return false;
  return IsSameHost(address, sources_.latched().value_or(stream_.remote_rtp));
}

SocketAddress Session::RtcpDestination() const {
  // Behind a NAT the announced port is as wrong for RTCP as it is for RTP.
  const bool elsewhere = sources_.latched() && *sources_.latched() != stream_.remote_rtp;
  return elsewhere && rtcp_heard_from_ ? *rtcp_heard_from_ : stream_.remote_rtcp;
}

void Session::OnRtcp(Instant now, const SocketAddress& source, std::string_view datagram, SessionSink& out) {
  now = Clamp(now);
  if (!configured_ || stopped_) return;
  std::optional<rtcp::Compound> compound =
      datagram.size() > kDatagramMax ? std::nullopt : rtcp::Compound::Read(datagram);
  if (!compound) {
    ++statistics_.invalid;
    return;
  }
  if (!TakesRtcpFrom(source)) {
    ++statistics_.strangers;
    return;
  }
  while (const std::optional<rtcp::Packet> packet = compound->Next()) {
    if (packet->type == rtcp::kSenderReport || packet->type == rtcp::kReceiverReport) {
      const std::optional<rtcp::Report> report = rtcp::Report::Read(*packet);
      if (!report) continue;
      if (report->ssrc() == ssrc_) return OnOwnSsrc(now, source, Port::kRtcp, out);
      OnReport(now, *report);
    } else if (packet->type == rtcp::kSourceDescription) {
      rtcp::SourceDescription description(*packet);
      while (const std::optional<rtcp::Item> item = description.Next()) {
        // 6.2.1: a CNAME makes a member.
        if (item->type == rtcp::kCname && item->ssrc != ssrc_) sources_.AddFromRtcp(now, item->ssrc);
      }
    } else if (packet->type == rtcp::kBye) {
      OnBye(now, *packet, out);
    }
  }
  rtcp_heard_from_ = source;
  ++statistics_.reports_received;
  report_timer_->OnReceived(WithLowerHeaders(datagram.size()));
}

void Session::OnReport(Instant now, const rtcp::Report& report) {
  if (Source* source = sources_.FindTrusted(report.ssrc())) {
    source->last_heard = now;
    if (report.sender_info()) {
      source->has_sr = true;
      source->sr_compact = report.sender_info()->ntp.compact();
      source->sr_at = now;
    }
  }
  for (std::size_t i = 0; i < report.block_count(); ++i) {
    const rtcp::ReportBlock block = report.block(i);
    if (block.ssrc != ssrc_) continue;
    statistics_.remote_fraction_lost = block.fraction_lost;
    statistics_.remote_lost = block.cumulative_lost;
    statistics_.remote_jitter = block.jitter;
    if (block.last_sr == 0) continue;
    // 6.4.1: A - LSR - DLSR; a peer that says nonsense has no round trip.
    const std::uint32_t compact =
        (wall_at_epoch_ + (now - epoch_)).compact() - block.last_sr - block.delay_since_last_sr;
    if (static_cast<std::int32_t>(compact) >= 0) statistics_.round_trip = DurationOfCompact(compact);
  }
}

void Session::OnBye(Instant now, const rtcp::Packet& packet, SessionSink& out) {
  const std::optional<rtcp::Bye> bye = rtcp::Bye::Read(packet);
  if (!bye) return;
  bool any = false;
  for (std::size_t i = 0; i < bye->size(); ++i) {
    Source* source = sources_.FindTrusted(bye->ssrc(i));
    if (source == nullptr) continue;
    source->said_bye = now;
    if (played_ssrc_ == source->ssrc) played_ssrc_.reset();
    // One action for an event, whatever a BYE lists: more than one source is no telephone's.
    if (!any) out.Append(action::SourceGone{source->ssrc, true});
    any = true;
  }
  if (any) report_timer_->OnMembersFewer(now, 1 + sources_.members());
}

Membership Session::membership(Instant now) const {
  Membership membership;
  membership.members = 1 + sources_.members();
  membership.we_sent = WeSent();
  // 6.3.5: senders are those of the last two intervals.
  const Duration interval = report_timer_->Deterministic({membership.members, 0, false});
  membership.senders = sources_.senders(now - 2 * interval) + (membership.we_sent ? 1 : 0);
  return membership;
}

void Session::OnReportDue(Instant now, SessionSink& out) {
  const Duration interval = report_timer_->Deterministic({1 + sources_.members(), 0, false});
  const Instant heard_after = now - ReportTimer::kTimeoutIntervals * interval;
  for (std::size_t i = 0; i < kTimeoutsPerReport; ++i) {
    const std::optional<std::uint32_t> gone = sources_.RemoveSilentMember(now, heard_after);
    if (!gone) break;
    if (played_ssrc_ == gone) played_ssrc_.reset();
    out.Append(action::SourceGone{*gone, false});
    report_timer_->OnMembersFewer(now, 1 + sources_.members());
  }
  if (!report_timer_->OnExpire(now, membership(now))) return;
  const std::size_t octets = TransmitReport(now, false, out);
  const std::uint32_t counted = octets == 0 ? report_timer_->average_octets() : WithLowerHeaders(octets);
  report_timer_->OnSent(now, counted, membership(now));
  sent_before_report_ = sent_since_report_;
  sent_since_report_ = false;
}

// The octets sent; 0: RTCP is not wanted there.
std::size_t Session::TransmitReport(Instant now, bool bye, SessionSink& out) {
  const SocketAddress destination = RtcpDestination();
  if (!stream_.sends_rtcp || destination.family == SocketAddress::Family::kNone) return 0;
  const NtpTime wall = wall_at_epoch_ + (now - epoch_);
  std::array<rtcp::ReportBlock, SourceTable::kMax> blocks;
  std::size_t count = 0;
  for (Source& source : sources_.sources()) {
    // 6.4: one block for each source heard since the last report.
    if (!sources_.IsTrusted(source) || !source.has_rtp() || !source.heard_since_report) continue;
    source.heard_since_report = false;
    blocks[count++] = {.ssrc = source.ssrc,
                       .fraction_lost = source.statistics.TakeFractionLost(),
                       .cumulative_lost = source.statistics.CumulativeLost(),
                       .extended_highest = source.statistics.sequence().extended_highest(),
                       .jitter = source.statistics.jitter(),
                       .last_sr = source.has_sr ? source.sr_compact : 0,
                       .delay_since_last_sr = source.has_sr ? CompactOf(now - source.sr_at) : 0};
  }
  const std::span<const rtcp::ReportBlock> used(blocks.data(), count);
  rtcp::Writer writer(rtcp_wire_);
  // 6.4.1: where the media clock stands now, not what the last packet said.
  bool fits =
      WeSent() ? writer.AddSenderReport(ssrc_, {wall, send_time_.At(now), ssrc_packets_, ssrc_octets_}, used)
               : writer.AddReceiverReport(ssrc_, used);
  fits = fits && writer.AddCname(ssrc_, {cname_.data(), cname_size_});
  if (bye) fits = fits && writer.AddBye(ssrc_, {});
  SANSIP_CHECK(fits);
  sent_anything_ = true;
  ++statistics_.reports_sent;
  out.Append(action::TransmitRtcp{destination, writer.wire()});
  return writer.wire().size();
}

// RFC 3550 8.2.
void Session::OnOwnSsrc(Instant now, const SocketAddress& address, Port port, SessionSink& out) {
  std::size_t slot = conflict_count_;
  for (std::size_t i = 0; i < conflict_count_; ++i) {
    const bool lapsed = now - conflicts_[i].last >= kConflictMemory;
    if (conflicts_[i].address == address && conflicts_[i].port == port && !lapsed) {
      conflicts_[i].last = now;
      ++statistics_.loops;
      return;
    }
    if (lapsed) slot = i;
  }
  if (slot == kConflictsMax) {
    ++statistics_.loops;
    return;
  }
  conflicts_[slot] = {address, port, now};
  if (slot == conflict_count_) ++conflict_count_;

  if (sent_anything_) TransmitReport(now, true, out);
  const std::uint32_t was = ssrc_;
  // Drawn until free; a source that repeats itself does not keep us here.
  const auto is_taken = [&] { return ssrc_ == was || sources_.HasSsrc(ssrc_); };
  for (std::size_t i = 0; i < kSsrcDrawsMax && is_taken(); ++i) {
    ssrc_ = static_cast<std::uint32_t>(random_.Next() >> 32);
  }
  while (is_taken()) ++ssrc_;
  next_sequence_ = static_cast<std::uint16_t>(random_.Next() >> 48);
  ssrc_packets_ = ssrc_octets_ = 0;
  sent_anything_ = sent_since_report_ = sent_before_report_ = false;
  out.Append(action::SsrcCollision{was, ssrc_});
}

}  // namespace sansip::rtp
